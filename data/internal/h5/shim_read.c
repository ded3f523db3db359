//go:build cgo && !nohdf5

#include "shim.h"

static int describe_type(hid_t type, ch5_desc *d)
{
	size_t spos, epos, esize, mpos, msize;
	hid_t base;

	d->class = H5Tget_class(type);
	d->size = (int)H5Tget_size(type);
	if (d->class == H5T_ENUM) {
		if ((base = H5Tget_super(type)) < 0)
			return ch5_fail("cannot read the base of an enumeration");
		d->order = H5Tget_order(base);
		d->sign = H5Tget_sign(base) == H5T_SGN_2;
		H5Tclose(base);
	} else if (d->class == H5T_INTEGER) {
		d->order = H5Tget_order(type);
		d->sign = H5Tget_sign(type) == H5T_SGN_2;
	} else if (d->class == H5T_FLOAT) {
		d->order = H5Tget_order(type);
		if (H5Tget_fields(type, &spos, &epos, &esize, &mpos, &msize) < 0)
			return ch5_fail("cannot read a floating-point type");
		d->exponent = (int)esize;
		d->mantissa = (int)msize;
	}
	return d->class < 0 || d->size <= 0 ? ch5_fail("cannot read the element type") : 0;
}

static int describe_storage(hid_t plist, ch5_desc *d)
{
	unsigned flags, config;
	size_t n;
	int i;

	d->layout = H5Pget_layout(plist);
	d->external = H5Pget_external_count(plist);
	d->filters = H5Pget_nfilters(plist);
	if (d->layout < 0 || d->external < 0 || d->filters < 0)
		return ch5_fail("cannot read the storage layout");
	if (d->filters > CH5_FILTERS)
		return ch5_fail("more than 16 filters");
	if (d->layout == H5D_CHUNKED && H5Pget_chunk(plist, CH5_RANK, d->chunk) < 0)
		return ch5_fail("cannot read the chunk shape");
	for (i = 0; i < d->filters; i++) {
		n = 0;
		d->filter_id[i] = H5Pget_filter2(plist, (unsigned)i, &flags, &n, NULL, CH5_NAME, d->filter_name[i], &config);
		if (d->filter_id[i] < 0)
			return ch5_fail("cannot read a filter");
		d->filter_name[i][CH5_NAME - 1] = '\0';
	}
	return 0;
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
	H5Sclose(space);
	d->stored = H5Dget_storage_size(dset);
	return ok ? 0 : -1;
}

int ch5_describe(hid_t file, const char *name, ch5_desc *d)
{
	hid_t dset, type = -1, plist = -1;
	int ret = -1;

	ch5_begin();
	if ((dset = H5Dopen2(file, name, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open data set");
	if ((type = H5Dget_type(dset)) < 0 || (plist = H5Dget_create_plist(dset)) < 0)
		ch5_fail("cannot read the header of the data set");
	else if (describe_type(type, d) == 0 && describe_storage(plist, d) == 0)
		ret = d->external > 0 || d->layout == H5D_VIRTUAL ? 0 : describe_space(dset, d);
	if (plist >= 0)
		H5Pclose(plist);
	if (type >= 0)
		H5Tclose(type);
	H5Dclose(dset);
	return ret;
}

int ch5_open_dataset(hid_t file, const char *name, size_t slots, size_t bytes, hid_t *dset)
{
	hid_t dapl;

	ch5_begin();
	if ((dapl = H5Pcreate(H5P_DATASET_ACCESS)) < 0)
		return ch5_fail("data set access properties");
	// w0 = 1 would switch off the eviction of chunks that were read in part.
	*dset = H5Pset_chunk_cache(dapl, slots, bytes, 0.75) < 0 ? -1 : H5Dopen2(file, name, dapl);
	if (*dset < 0)
		ch5_fail("cannot open data set");
	H5Pclose(dapl);
	return *dset < 0 ? -1 : 0;
}

// check_extent guards the memory of the caller: H5Dread itself looks only at
// the two data spaces that it is given.
static int check_extent(hid_t space, int rank, const hsize_t *dims, hsize_t first, hsize_t count, hsize_t len)
{
	hsize_t now[CH5_RANK], n = count;
	int i;

	if (H5Sget_simple_extent_ndims(space) != rank || H5Sget_simple_extent_dims(space, now, NULL) != rank)
		return ch5_fail("the data set's rank has changed since the file was opened");
	for (i = 0; i < rank; i++)
		if (now[i] != dims[i])
			return ch5_fail("the data set's shape has changed since the file was opened");
	if (first > dims[0] || count > dims[0] - first)
		return ch5_fail("rows out of range");
	for (i = 1; i < rank; i++)
		if (__builtin_mul_overflow(n, dims[i], &n))
			return ch5_fail("more elements than can be counted");
	return n == len ? 0 : ch5_fail("the destination has another length than the rows");
}

int ch5_read(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, float *dst, hsize_t len)
{
	hsize_t start[CH5_RANK] = {first}, block[CH5_RANK];
	hid_t space, mem = -1;
	int i, ret = -1;

	ch5_begin();
	if (rank < 1 || rank > CH5_RANK)
		return ch5_fail("rank out of range");
	if ((space = H5Dget_space(dset)) < 0)
		return ch5_fail("cannot read the shape");
	block[0] = count;
	for (i = 1; i < rank; i++)
		block[i] = dims[i];
	if (check_extent(space, rank, dims, first, count, len) < 0)
		goto done;
	// In memory, too, the rows have their shape: with a flat space libhdf5 maps
	// chunks element by element, sixty times slower.
	if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, block, NULL) < 0
	    || (mem = H5Screate_simple(rank, block, NULL)) < 0
	    || H5Dread(dset, H5T_NATIVE_FLOAT, mem, space, H5P_DEFAULT, dst) < 0)
		ch5_fail("cannot read");
	else
		ret = 0;
	if (mem >= 0)
		H5Sclose(mem);
done:
	H5Sclose(space);
	return ret;
}
