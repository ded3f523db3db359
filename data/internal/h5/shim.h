// The C side of package h5. Every function does its whole work in one call, so
// that libhdf5's per-thread error stack is read on the thread that filled it,
// and returns 0 or, with ch5_text set, -1. The caller holds the Go lock.

#ifndef CASCADE_H5_SHIM_H
#define CASCADE_H5_SHIM_H

#define H5_USE_110_API
#include <hdf5.h>
#include <stdint.h>

enum { CH5_RANK = H5S_MAX_RANK, CH5_FILTERS = 16, CH5_NAME = 256, CH5_TEXT = 2048 };

typedef struct {
	int class, size, order, sign, exponent, mantissa;
	int layout, external, space, rank, filters;
	hsize_t dims[CH5_RANK], chunk[CH5_RANK], stored;
	int filter_id[CH5_FILTERS];
	char filter_name[CH5_FILTERS][CH5_NAME];
} ch5_desc;

typedef struct {
	int class, sign;
	hssize_t points;
	char *text; // malloc'ed; the caller frees it
	double real;
	int64_t integer;
	uint64_t natural;
} ch5_attr;

// The type of elements that are written; see Type.
typedef struct {
	int class, size, sign, exponent, mantissa;
} ch5_type;

// How they are stored: chunk[0] rows in a chunk, the other axes whole.
typedef struct {
	int rank, gzip, shuffle, fletcher;
	hsize_t chunk[CH5_RANK];
} ch5_storage;

// What the last failed call has to say. Guarded by the Go lock.
extern char ch5_text[CH5_TEXT];

void ch5_begin(void);
int ch5_fail(const char *what);

int ch5_open(const char *path, int lock, hid_t *file);
int ch5_close(hid_t file);
int ch5_group_size(hid_t file, const char *group, hsize_t *n);
int ch5_link(hid_t file, const char *group, hsize_t i, char name[CH5_NAME], int *link, int *kind);
int ch5_describe(hid_t file, const char *name, ch5_desc *d);
int ch5_filter_available(int id);
int ch5_open_dataset(hid_t file, const char *name, size_t slots, size_t bytes, hid_t *dset);
int ch5_read(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, float *dst, hsize_t len);

int ch5_create(const char *path, hid_t *file);
int ch5_create_dataset(hid_t file, const char *name, const ch5_type *t, const ch5_storage *s, hid_t *dset);
int ch5_append(hid_t dset, const ch5_type *t, int rank, const hsize_t *dims, hsize_t count, const void *src, hsize_t bytes);
int ch5_append_strings(hid_t dset, hsize_t first, hsize_t count, const char *bytes, const uint64_t *ends);

int ch5_attr_read(hid_t file, const char *object, const char *name, int *found, ch5_attr *a);
int ch5_attr_write_text(hid_t file, const char *object, const char *name, const char *value);
int ch5_attr_write_real(hid_t file, const char *object, const char *name, double value);
int ch5_attr_write_integer(hid_t file, const char *object, const char *name, int64_t value);

#endif
