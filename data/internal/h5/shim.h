// The C side of package h5. Every function does its whole work in one call, so
// that libhdf5's per-thread error stack is read on the thread that filled it,
// and returns 0 or, with ch5_text set, -1. The caller holds the Go lock.

#ifndef CASCADE_H5_SHIM_H
#define CASCADE_H5_SHIM_H

#define H5_USE_110_API
#include <hdf5.h>
#include <stdint.h>

enum { CH5_RANK = H5S_MAX_RANK, CH5_FILTERS = 16, CH5_PARAMS = 32, CH5_NAME = 256, CH5_TEXT = 2048, CH5_TYPES = 32 };

// An element type. The types that it is made of, children of them, follow it,
// each followed by its own.
typedef struct {
	char name[CH5_NAME]; // as a member of a compound
	int class, size, order, sign, exponent, mantissa;
	int plain;    // every bit counts, as IEEE 754 or two's complement has it
	int variable; // a string of any length
	int children, rank;
	hsize_t dims[CH5_RANK]; // of an array
} ch5_typedesc;

typedef struct {
	ch5_typedesc type[CH5_TYPES];
	int layout, external, space, rank, filters, raw_edges, chunk_rank;
	hsize_t dims[CH5_RANK], chunk[CH5_RANK], stored;
	uint64_t offset; // of contiguous elements from the start of the file; HADDR_UNDEF: never written
	unsigned char fill[8];
	int filter_id[CH5_FILTERS];
	char filter_name[CH5_FILTERS][CH5_NAME];
	size_t params[CH5_FILTERS]; // as many as there are, of which at most CH5_PARAMS are here
	unsigned param[CH5_FILTERS][CH5_PARAMS];
} ch5_desc;

typedef struct {
	int class, sign;
	hssize_t points;
	char *text; // malloc'ed; the caller frees it
	double real;
	int64_t integer;
	uint64_t natural;
} ch5_attr;

// The type of elements that are written, and of numbers in memory; see Type.
typedef struct {
	int class, size, sign, exponent, mantissa;
} ch5_type;

// How they are stored: chunk[0] rows in a chunk, the other axes whole.
typedef struct {
	int rank, gzip, shuffle, fletcher;
	hsize_t chunk[CH5_RANK];
} ch5_storage;

// A name in a group, and for a hard link the object behind it: an H5I_type_t, its
// address, which tells whether two names lead to the same, and how many do.
typedef struct {
	char name[CH5_NAME];
	int link, kind;
	uint64_t address;
	unsigned links;
} ch5_object;

// Where a chunk is stored: bytes from the start of the file, whatever precedes
// the HDF5 part of it; HADDR_UNDEF when it was never written, CH5_LOST when the
// index has it but not where it is.
#define CH5_LOST (HADDR_UNDEF - 1)
typedef struct {
	uint64_t address;
	uint32_t size, mask;
} ch5_chunk;

// Rows of bytes: row i ends before end[i]. The caller frees both.
typedef struct {
	char *data;
	size_t *end;
} ch5_rows;

// What the last failed call has to say. Guarded by the Go lock.
extern char ch5_text[CH5_TEXT];

void ch5_begin(void);
int ch5_fail(const char *what);
int ch5_select_rows(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, hsize_t len, hid_t *space, hid_t *mem);
hid_t ch5_make_type(const ch5_type *t);
void ch5_close_spaces(hid_t space, hid_t mem);

int ch5_open(const char *path, int lock, hid_t *file);
int ch5_close(hid_t file);
int ch5_group_size(hid_t file, const char *group, hsize_t *n);
int ch5_link(hid_t file, const char *group, hsize_t i, ch5_object *object);
int ch5_describe(hid_t file, const char *name, ch5_desc *d);
int ch5_filter_available(int id);
int ch5_open_dataset(hid_t file, const char *name, size_t slots, size_t bytes, hid_t *dset);
int ch5_read(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, const ch5_type *as, void *dst, hsize_t len);
int ch5_read_rows(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, ch5_rows *rows);

int ch5_chunks(const char *path, const char *name, int rank, const hsize_t *grid, const hsize_t *chunk, ch5_chunk *out, hsize_t n);

int ch5_create(const char *path, hid_t *file);
int ch5_create_dataset(hid_t file, const char *name, const ch5_type *t, const ch5_storage *s, hid_t *dset);
int ch5_append(hid_t dset, const ch5_type *t, int rank, const hsize_t *dims, hsize_t count, const void *src, hsize_t bytes);
int ch5_append_strings(hid_t dset, hsize_t first, hsize_t count, const char *bytes, const uint64_t *ends);

int ch5_attr_count(hid_t file, const char *object, hsize_t *n);
int ch5_attr_name(hid_t file, const char *object, hsize_t i, char name[CH5_NAME]);
int ch5_attr_read(hid_t file, const char *object, const char *name, int *found, ch5_attr *a);
int ch5_attr_write_text(hid_t file, const char *object, const char *name, const char *value);
int ch5_attr_write_real(hid_t file, const char *object, const char *name, double value);
int ch5_attr_write_integer(hid_t file, const char *object, const char *name, int64_t value);

#endif
