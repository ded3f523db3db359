//go:build cgo && !nohdf5

#include "shim.h"

#include <stdlib.h>

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

// IEEE 754 binary16, and bfloat16, which libhdf5 has no names for: the same
// fields as h5py gives them.
static hid_t short_float(size_t exponent, size_t mantissa)
{
	hid_t type = H5Tcopy(H5T_IEEE_F32LE);

	if (type < 0)
		return -1;
	if (H5Tset_fields(type, 15, mantissa, exponent, 0, mantissa) >= 0 && H5Tset_size(type, 2) >= 0
	    && H5Tset_ebias(type, ((size_t)1 << (exponent - 1)) - 1) >= 0)
		return type;
	H5Tclose(type);
	return -1;
}

// ch5_make_type makes the type of the elements, little-endian; the caller closes it.
hid_t ch5_make_type(const ch5_type *t)
{
	hid_t integers[2][4] = {{H5T_STD_U8LE, H5T_STD_U16LE, H5T_STD_U32LE, H5T_STD_U64LE},
	                        {H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE}};
	int log = t->size == 1 ? 0 : t->size == 2 ? 1 : t->size == 4 ? 2 : t->size == 8 ? 3 : -1;

	if (t->class == H5T_VLEN)
		return H5Tvlen_create(H5T_STD_U8LE);
	if (t->class == H5T_INTEGER && log >= 0)
		return H5Tcopy(integers[t->sign != 0][log]);
	if (t->class == H5T_FLOAT && t->size == 2)
		return short_float((size_t)t->exponent, (size_t)t->mantissa);
	if (t->class == H5T_FLOAT && log >= 2)
		return H5Tcopy(t->size == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE);
	return -1;
}

static hid_t creation_plist(const ch5_storage *s)
{
	hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);

	if (dcpl < 0)
		return -1;
	// No time stamps: the same rows make the same file. The checksum comes
	// last, over what is stored.
	if (H5Pset_obj_track_times(dcpl, 0) >= 0 && H5Pset_chunk(dcpl, s->rank, s->chunk) >= 0
	    && (!s->shuffle || H5Pset_shuffle(dcpl) >= 0)
	    && (!s->gzip || H5Pset_deflate(dcpl, (unsigned)s->gzip) >= 0)
	    && (!s->fletcher || H5Pset_fletcher32(dcpl) >= 0))
		return dcpl;
	H5Pclose(dcpl);
	return -1;
}

// access_plist gives a data set a cache that holds the chunk that the next append
// completes.
static hid_t access_plist(const ch5_storage *s, size_t bytes)
{
	hid_t dapl = H5Pcreate(H5P_DATASET_ACCESS);
	int i;

	for (i = 0; i < s->rank; i++)
		bytes *= s->chunk[i]; // package hdf5 keeps a chunk below 1 GiB
	if (dapl >= 0 && H5Pset_chunk_cache(dapl, 521, 2 * bytes, 0.75) < 0) {
		H5Pclose(dapl);
		return -1;
	}
	return dapl;
}

int ch5_create_dataset(hid_t file, const char *name, const ch5_type *t, const ch5_storage *s, hid_t *dset)
{
	hsize_t dims[CH5_RANK], max[CH5_RANK];
	hid_t type = -1, dcpl = -1, dapl = -1, lcpl = -1, space = -1;
	int i;

	ch5_begin();
	*dset = -1;
	if (s->rank < 1 || s->rank > CH5_RANK)
		return ch5_fail("rank out of range");
	for (i = 0; i < s->rank; i++)
		dims[i] = max[i] = s->chunk[i];
	dims[0] = 0;
	max[0] = H5S_UNLIMITED;
	if ((type = ch5_make_type(t)) >= 0 && (dcpl = creation_plist(s)) >= 0
	    && (dapl = access_plist(s, H5Tget_size(type))) >= 0
	    && (lcpl = H5Pcreate(H5P_LINK_CREATE)) >= 0
	    && H5Pset_create_intermediate_group(lcpl, 1) >= 0
	    && (space = H5Screate_simple(s->rank, dims, max)) >= 0)
		*dset = H5Dcreate2(file, name, type, space, lcpl, dcpl, dapl);
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
	if (type >= 0)
		H5Tclose(type);
	return *dset < 0 ? -1 : 0;
}

// append writes count rows behind the dims[0] that are there, in the byte order
// of the machine.
static int append(hid_t dset, hid_t type, int rank, const hsize_t *dims, hsize_t count, const void *src)
{
	hsize_t grown[CH5_RANK], start[CH5_RANK] = {dims[0]}, block[CH5_RANK];
	hid_t space = -1, mem = -1;
	int i, ret = -1;

	for (i = 0; i < rank; i++)
		grown[i] = block[i] = dims[i];
	grown[0] += count;
	block[0] = count;
	if (H5Dset_extent(dset, grown) >= 0 && (space = H5Dget_space(dset)) >= 0
	    && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, block, NULL) >= 0
	    && (mem = H5Screate_simple(rank, block, NULL)) >= 0
	    && H5Dwrite(dset, type, mem, space, H5P_DEFAULT, src) >= 0)
		ret = 0;
	else
		ch5_fail("cannot write");
	if (mem >= 0)
		H5Sclose(mem);
	if (space >= 0)
		H5Sclose(space);
	return ret;
}

static int machine_order(hid_t type)
{
	return H5Tget_size(type) == 1 || H5Tset_order(type, H5Tget_order(H5T_NATIVE_INT)) >= 0;
}

int ch5_append(hid_t dset, const ch5_type *t, int rank, const hsize_t *dims, hsize_t count, const void *src, hsize_t bytes)
{
	hsize_t n = count * (hsize_t)t->size;
	hid_t type;
	int i, ret = -1;

	ch5_begin();
	if (rank < 1 || rank > CH5_RANK)
		return ch5_fail("rank out of range");
	for (i = 1; i < rank; i++)
		n *= dims[i];
	if (n != bytes)
		return ch5_fail("the source has another length than the rows");
	if ((type = ch5_make_type(t)) < 0)
		return ch5_fail("cannot make the element type");
	ret = machine_order(type) ? append(dset, type, rank, dims, count, src) : ch5_fail("cannot set the byte order");
	H5Tclose(type);
	return ret;
}

// Row i is bytes[ends[i-1]] … bytes[ends[i]-1].
int ch5_append_strings(hid_t dset, hsize_t first, hsize_t count, const char *bytes, const uint64_t *ends)
{
	const ch5_type t = {.class = H5T_VLEN};
	hvl_t *rows;
	hid_t type;
	hsize_t i;
	int ret;

	ch5_begin();
	if ((rows = calloc(count, sizeof *rows)) == NULL)
		return ch5_fail("out of memory");
	for (i = 0; i < count; i++) {
		uint64_t from = i > 0 ? ends[i - 1] : 0;

		rows[i].len = ends[i] - from;
		rows[i].p = (void *)(bytes + from);
	}
	if ((type = ch5_make_type(&t)) < 0)
		ret = ch5_fail("cannot make the element type");
	else {
		ret = append(dset, type, 1, &first, count, rows);
		H5Tclose(type);
	}
	free(rows);
	return ret;
}
