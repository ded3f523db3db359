//go:build cgo && !nohdf5

#include "shim.h"

#include <stdlib.h>
#include <string.h>

// Rows of bytes: strings, of fixed length or not, and sequences of uint8.

// join makes one piece of memory of the rows. bytes and length look at row i of
// what libhdf5 read.
static int join(ch5_rows *rows, hsize_t count, const void *read, size_t stride, const char *(*bytes)(const void *), size_t (*length)(const void *, size_t))
{
	const char *row = read;
	size_t total = 0;
	hsize_t i;

	for (i = 0; i < count; i++)
		if (__builtin_add_overflow(total, length(row + i * stride, stride), &total))
			return ch5_fail("more bytes than can be counted");
	if ((rows->data = malloc(total + 1)) == NULL || (rows->end = malloc((count + 1) * sizeof *rows->end)) == NULL)
		return ch5_fail("out of memory");
	total = 0;
	for (i = 0; i < count; i++) {
		size_t n = length(row + i * stride, stride);

		if (n > 0)
			memcpy(rows->data + total, bytes(row + i * stride), n);
		rows->end[i] = total += n;
	}
	return 0;
}

static const char *sequence(const void *row) { return ((const hvl_t *)row)->p; }
static size_t sequence_length(const void *row, size_t size) { (void)size; return ((const hvl_t *)row)->len; }

static const char *text(const void *row) { return *(char *const *)row; }
static size_t text_length(const void *row, size_t size) { (void)size; return text(row) != NULL ? strlen(text(row)) : 0; }

static const char *fixed(const void *row) { return row; }
static size_t ended_length(const void *row, size_t size) { return strnlen(row, size); }

static size_t padded_length(const void *row, size_t size)
{
	while (size > 0 && ((const char *)row)[size - 1] == '\0')
		size--;
	return size;
}

static size_t spaced_length(const void *row, size_t size) // Fortran's
{
	while (size > 0 && ((const char *)row)[size - 1] == ' ')
		size--;
	return size;
}

static int read_fixed(hid_t dset, hid_t type, hid_t mem, hid_t space, hsize_t count, ch5_rows *rows)
{
	size_t size = H5Tget_size(type), bytes;
	H5T_str_t pad = H5Tget_strpad(type);
	char *buf;
	int ret;

	if (size == 0 || __builtin_mul_overflow(size, count, &bytes) || (buf = malloc(bytes)) == NULL)
		return ch5_fail("out of memory");
	if (H5Dread(dset, type, mem, space, H5P_DEFAULT, buf) < 0)
		ret = ch5_fail("cannot read");
	else
		ret = join(rows, count, buf, size, fixed, pad == H5T_STR_NULLTERM ? ended_length : pad == H5T_STR_SPACEPAD ? spaced_length : padded_length);
	free(buf);
	return ret;
}

static int read_variable(hid_t dset, hid_t type, hid_t mem, hid_t space, hsize_t count, ch5_rows *rows)
{
	int string = H5Tget_class(type) == H5T_STRING, ret;
	size_t size = string ? sizeof(char *) : sizeof(hvl_t);
	void *buf = calloc(count, size);

	if (buf == NULL)
		return ch5_fail("out of memory");
	if (H5Dread(dset, type, mem, space, H5P_DEFAULT, buf) < 0)
		ret = ch5_fail("cannot read");
	else
		ret = string ? join(rows, count, buf, size, text, text_length) : join(rows, count, buf, size, sequence, sequence_length);
	H5Dvlen_reclaim(type, mem, H5P_DEFAULT, buf);
	free(buf);
	return ret;
}

// is_bytes says whether the elements are what this file reads.
static int is_bytes(hid_t type)
{
	hid_t base;
	int ok;

	if (H5Tget_class(type) == H5T_STRING)
		return 1;
	if (H5Tget_class(type) != H5T_VLEN || (base = H5Tget_super(type)) < 0)
		return 0;
	ok = H5Tget_class(base) == H5T_INTEGER && H5Tget_size(base) == 1;
	H5Tclose(base);
	return ok;
}

int ch5_read_rows(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, ch5_rows *rows)
{
	hid_t type, space, mem;
	int ret;

	ch5_begin();
	ret = ch5_select_rows(dset, rank, dims, first, count, count, &space, &mem);
	if (ret == 0 && count > 0) {
		if ((type = H5Dget_type(dset)) < 0 || !is_bytes(type))
			ret = ch5_fail("the elements are no strings of bytes");
		else if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) <= 0)
			ret = read_fixed(dset, type, mem, space, count, rows);
		else
			ret = read_variable(dset, type, mem, space, count, rows);
		if (type >= 0)
			H5Tclose(type);
	}
	ch5_close_spaces(space, mem);
	return ret;
}
