//go:build cgo && !nohdf5

#include "shim.h"

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

// memory_type is a type in the machine's byte order. libhdf5 converts between
// numbers, but no enumeration into a number.
static hid_t memory_type(hid_t dset, const ch5_type *as)
{
	hid_t file = H5Dget_type(dset), mem = -1;

	if (file < 0)
		return -1;
	if (H5Tget_class(file) == H5T_ENUM)
		mem = H5Tget_native_type(file, H5T_DIR_ASCEND);
	else if ((mem = ch5_make_type(as)) >= 0 && as->size > 1 && H5Tset_order(mem, H5Tget_order(H5T_NATIVE_INT)) < 0) {
		H5Tclose(mem);
		mem = -1;
	}
	H5Tclose(file);
	if (mem >= 0 && H5Tget_size(mem) != (size_t)as->size) { // or more would be written than there is room
		H5Tclose(mem);
		mem = -1;
	}
	return mem;
}

// ch5_select_rows makes the data spaces of some rows, in the file and in memory.
int ch5_select_rows(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, hsize_t len, hid_t *space, hid_t *mem)
{
	hsize_t start[CH5_RANK] = {first}, block[CH5_RANK];
	int i;

	*mem = -1;
	if (rank < 1 || rank > CH5_RANK)
		return *space = -1, ch5_fail("rank out of range");
	if ((*space = H5Dget_space(dset)) < 0)
		return ch5_fail("cannot read the shape");
	block[0] = count;
	for (i = 1; i < rank; i++)
		block[i] = dims[i];
	if (check_extent(*space, rank, dims, first, count, len) < 0)
		return -1;
	// In memory, too, the rows have their shape: with a flat space libhdf5 maps
	// chunks element by element, sixty times slower.
	if (H5Sselect_hyperslab(*space, H5S_SELECT_SET, start, NULL, block, NULL) < 0
	    || (*mem = H5Screate_simple(rank, block, NULL)) < 0)
		return ch5_fail("cannot select the rows");
	return 0;
}

void ch5_close_spaces(hid_t space, hid_t mem)
{
	if (mem >= 0)
		H5Sclose(mem);
	if (space >= 0)
		H5Sclose(space);
}

int ch5_read(hid_t dset, int rank, const hsize_t *dims, hsize_t first, hsize_t count, const ch5_type *as, void *dst, hsize_t len)
{
	hid_t type, space, mem;
	int ret;

	ch5_begin();
	if (as->size < 1 || len % (hsize_t)as->size != 0)
		return ch5_fail("the destination ends within an element");
	ret = ch5_select_rows(dset, rank, dims, first, count, len / (hsize_t)as->size, &space, &mem);
	if (ret == 0 && (type = memory_type(dset, as)) >= 0) {
		if (H5Dread(dset, type, mem, space, H5P_DEFAULT, dst) < 0)
			ret = ch5_fail("cannot read");
		H5Tclose(type);
	} else if (ret == 0)
		ret = ch5_fail("cannot make the type of the elements in memory");
	ch5_close_spaces(space, mem);
	return ret;
}
