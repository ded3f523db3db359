//go:build cgo && !nohdf5

#include "shim.h"

// Version 1.10 of the format checksums its metadata; the same version as upper
// bound keeps the file readable by every library since then.
int ch5_create(const char *path, hid_t *file)
{
	hid_t fapl;

	ch5_begin();
	*file = -1;
	if ((fapl = H5Pcreate(H5P_FILE_ACCESS)) < 0)
		return ch5_fail("file access properties");
	if (H5Pset_libver_bounds(fapl, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0
	    && H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG) >= 0)
		*file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, fapl);
	if (*file < 0)
		ch5_fail("cannot create");
	H5Pclose(fapl);
	return *file < 0 ? -1 : 0;
}

static hid_t creation_plist(int rank, const hsize_t *chunk, int gzip, int fletcher)
{
	hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);

	if (dcpl < 0)
		return -1;
	// No time stamps: the same rows make the same file. The checksum comes
	// last, over what is stored.
	if (H5Pset_obj_track_times(dcpl, 0) >= 0 && H5Pset_chunk(dcpl, rank, chunk) >= 0
	    && (!gzip || H5Pset_deflate(dcpl, (unsigned)gzip) >= 0)
	    && (!fletcher || H5Pset_fletcher32(dcpl) >= 0))
		return dcpl;
	H5Pclose(dcpl);
	return -1;
}

int ch5_create_dataset(hid_t file, const char *name, int rank, const hsize_t *chunk, int gzip, int fletcher, hid_t *dset)
{
	hsize_t dims[CH5_RANK], max[CH5_RANK], bytes = sizeof(float);
	hid_t dcpl = -1, dapl = -1, lcpl = -1, space = -1;
	int i;

	ch5_begin();
	*dset = -1;
	if (rank < 1 || rank > CH5_RANK)
		return ch5_fail("rank out of range");
	for (i = 0; i < rank; i++) {
		dims[i] = max[i] = chunk[i];
		bytes *= chunk[i]; // package data keeps a chunk below 1 GiB
	}
	dims[0] = 0;
	max[0] = H5S_UNLIMITED;
	// The cache holds the chunk that the next append completes.
	if ((dcpl = creation_plist(rank, chunk, gzip, fletcher)) >= 0
	    && (dapl = H5Pcreate(H5P_DATASET_ACCESS)) >= 0
	    && H5Pset_chunk_cache(dapl, 521, 2 * bytes, 0.75) >= 0
	    && (lcpl = H5Pcreate(H5P_LINK_CREATE)) >= 0
	    && H5Pset_create_intermediate_group(lcpl, 1) >= 0
	    && (space = H5Screate_simple(rank, dims, max)) >= 0)
		*dset = H5Dcreate2(file, name, H5T_IEEE_F32LE, space, lcpl, dcpl, dapl);
	if (*dset < 0)
		ch5_fail("cannot create data set");
	if (space >= 0)
		H5Sclose(space);
	if (lcpl >= 0)
		H5Pclose(lcpl);
	if (dapl >= 0)
		H5Pclose(dapl);
	if (dcpl >= 0)
		H5Pclose(dcpl);
	return *dset < 0 ? -1 : 0;
}

// dims is the shape before the call; dims[0] rows are there already.
int ch5_append(hid_t dset, int rank, const hsize_t *dims, hsize_t count, const float *src, hsize_t len)
{
	hsize_t grown[CH5_RANK], start[CH5_RANK] = {dims[0]}, block[CH5_RANK], n = count;
	hid_t space = -1, mem = -1;
	int i, ret = -1;

	ch5_begin();
	if (rank < 1 || rank > CH5_RANK)
		return ch5_fail("rank out of range");
	for (i = 0; i < rank; i++) {
		grown[i] = block[i] = dims[i];
		if (i > 0)
			n *= dims[i];
	}
	if (n != len)
		return ch5_fail("the source has another length than the rows");
	grown[0] += count;
	block[0] = count;
	if (H5Dset_extent(dset, grown) >= 0 && (space = H5Dget_space(dset)) >= 0
	    && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, block, NULL) >= 0
	    && (mem = H5Screate_simple(rank, block, NULL)) >= 0
	    && H5Dwrite(dset, H5T_NATIVE_FLOAT, mem, space, H5P_DEFAULT, src) >= 0)
		ret = 0;
	else
		ch5_fail("cannot write");
	if (mem >= 0)
		H5Sclose(mem);
	if (space >= 0)
		H5Sclose(space);
	return ret;
}
