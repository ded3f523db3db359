//go:build cgo && !nohdf5

#include "shim.h"

#include <string.h>

static int is_plain_float(hid_t type, const ch5_typedesc *t, size_t sign, size_t exponent, size_t mantissa)
{
	size_t bits = 8 * (size_t)t->size;

	return H5Tget_precision(type) == bits && sign == bits - 1 && mantissa == 0 && exponent == (size_t)t->mantissa
	       && 1 + t->exponent + t->mantissa == (int)bits && H5Tget_norm(type) == H5T_NORM_IMPLIED
	       && H5Tget_ebias(type) == ((size_t)1 << (t->exponent - 1)) - 1;
}

static int describe_number(hid_t type, ch5_typedesc *t)
{
	size_t sign, exponent, mantissa, exponent_bits, mantissa_bits;

	t->order = H5Tget_order(type);
	if (H5Tget_class(type) == H5T_INTEGER) {
		t->sign = H5Tget_sign(type) == H5T_SGN_2;
		t->plain = H5Tget_precision(type) == 8 * (size_t)t->size && H5Tget_offset(type) == 0;
		return 0;
	}
	if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0)
		return ch5_fail("cannot read a floating-point type");
	t->exponent = (int)exponent_bits;
	t->mantissa = (int)mantissa_bits;
	t->plain = exponent_bits > 0 && is_plain_float(type, t, sign, exponent, mantissa);
	return 0;
}

static int describe_type(hid_t type, ch5_typedesc *list, int *n);

// describe_parts lists what a compound, an array, an enumeration or rows of
// variable length are made of.
static int describe_parts(hid_t type, ch5_typedesc *t, ch5_typedesc *list, int *n)
{
	hid_t part;
	char *name;
	int i, at, ret = 0;

	t->children = t->class == H5T_COMPOUND ? H5Tget_nmembers(type) : 1;
	if (t->class == H5T_ARRAY)
		t->rank = H5Tget_array_dims2(type, t->dims);
	for (i = 0; i < t->children && ret == 0; i++) {
		if (*n == CH5_TYPES) { // enough to say what it is
			t->children = i;
			break;
		}
		at = *n;
		part = t->class == H5T_COMPOUND ? H5Tget_member_type(type, (unsigned)i) : H5Tget_super(type);
		if (part < 0)
			return ch5_fail("cannot read a part of the element type");
		ret = describe_type(part, list, n);
		H5Tclose(part);
		if (ret == 0 && t->class == H5T_COMPOUND && (name = H5Tget_member_name(type, (unsigned)i)) != NULL) {
			strncpy(list[at].name, name, CH5_NAME - 1);
			H5free_memory(name);
		}
	}
	return ret;
}

static int describe_type(hid_t type, ch5_typedesc *list, int *n)
{
	ch5_typedesc *t = &list[(*n)++];

	memset(t, 0, sizeof *t);
	t->class = H5Tget_class(type);
	t->size = (int)H5Tget_size(type);
	if (t->class < 0 || t->size <= 0)
		return ch5_fail("cannot read the element type");
	switch (t->class) {
	case H5T_INTEGER:
	case H5T_FLOAT:
		return describe_number(type, t);
	case H5T_STRING:
		t->variable = H5Tis_variable_str(type) > 0;
		return 0;
	case H5T_COMPOUND:
	case H5T_ARRAY:
	case H5T_ENUM:
	case H5T_VLEN:
		return describe_parts(type, t, list, n);
	}
	return 0;
}

static int describe_filters(hid_t plist, ch5_desc *d)
{
	unsigned flags, config;
	int i;

	d->filters = H5Pget_nfilters(plist);
	if (d->filters < 0)
		return ch5_fail("cannot read the filters");
	if (d->filters > CH5_FILTERS)
		return ch5_fail("more than 16 filters");
	for (i = 0; i < d->filters; i++) {
		d->params[i] = CH5_PARAMS;
		d->filter_id[i] = H5Pget_filter2(plist, (unsigned)i, &flags, &d->params[i], d->param[i], CH5_NAME, d->filter_name[i], &config);
		if (d->filter_id[i] < 0)
			return ch5_fail("cannot read a filter");
		d->filter_name[i][CH5_NAME - 1] = '\0';
	}
	return 0;
}

// The fill value is that of elements never written, in the file's byte order. It
// stays zero where there is none: libhdf5 then leaves the destination alone.
static int describe_fill(hid_t plist, hid_t type, ch5_desc *d)
{
	H5D_fill_value_t defined;
	H5D_fill_time_t when;

	if (H5Pfill_value_defined(plist, &defined) < 0 || H5Pget_fill_time(plist, &when) < 0)
		return ch5_fail("cannot read the fill value");
	if (defined == H5D_FILL_VALUE_UNDEFINED || when == H5D_FILL_TIME_NEVER)
		return 0;
	switch (d->type[0].class) {
	case H5T_INTEGER:
	case H5T_FLOAT:
	case H5T_ENUM:
		if (H5Tget_size(type) <= sizeof d->fill && H5Pget_fill_value(plist, type, d->fill) < 0)
			return ch5_fail("cannot read the fill value");
	}
	return 0;
}

static int describe_storage(hid_t plist, hid_t type, ch5_desc *d)
{
	unsigned options = 0;

	d->layout = H5Pget_layout(plist);
	d->external = H5Pget_external_count(plist);
	if (d->layout < 0 || d->external < 0)
		return ch5_fail("cannot read the storage layout");
	if (d->layout == H5D_CHUNKED
	    && ((d->chunk_rank = H5Pget_chunk(plist, CH5_RANK, d->chunk)) < 0 || H5Pget_chunk_opts(plist, &options) < 0))
		return ch5_fail("cannot read the chunk shape");
	d->raw_edges = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0;
	if (describe_filters(plist, d) < 0)
		return -1;
	return describe_fill(plist, type, d);
}

// The data space of a virtual data set is made by opening its sources, so it is
// asked for last and only where the elements are in this file.
static int describe_space(hid_t dset, ch5_desc *d)
{
	hid_t space = H5Dget_space(dset);
	int ok;

	if (space < 0)
		return ch5_fail("cannot read the shape");
	d->space = H5Sget_simple_extent_type(space);
	d->rank = H5Sget_simple_extent_ndims(space);
	ok = d->space >= 0 && d->rank >= 0 && d->rank <= CH5_RANK && H5Sget_simple_extent_dims(space, d->dims, NULL) >= 0;
	if (!ok)
		ch5_fail("cannot read the shape");
	else if (d->layout == H5D_CHUNKED && d->chunk_rank != d->rank)
		ok = ch5_fail("its chunks have another number of axes than it has") == 0;
	H5Sclose(space);
	d->stored = H5Dget_storage_size(dset);
	// Of what was never written H5Dget_offset gives no address plus the user block.
	d->offset = d->layout == H5D_CONTIGUOUS && d->stored > 0 ? H5Dget_offset(dset) : HADDR_UNDEF;
	return ok ? 0 : -1;
}

int ch5_describe(hid_t file, const char *name, ch5_desc *d)
{
	hid_t dset, type = -1, plist = -1;
	int n = 0, ret = -1;

	ch5_begin();
	if ((dset = H5Dopen2(file, name, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open data set");
	if ((type = H5Dget_type(dset)) < 0 || (plist = H5Dget_create_plist(dset)) < 0)
		ch5_fail("cannot read the header of the data set");
	else if (describe_type(type, d->type, &n) == 0 && describe_storage(plist, type, d) == 0)
		ret = d->external > 0 || d->layout == H5D_VIRTUAL ? 0 : describe_space(dset, d);
	if (plist >= 0)
		H5Pclose(plist);
	if (type >= 0)
		H5Tclose(type);
	H5Dclose(dset);
	return ret;
}
