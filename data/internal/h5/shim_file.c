//go:build cgo && !nohdf5

#include "shim.h"

// H5Pset_file_locking came with 1.10.7 and, on the next branch, 1.12.1.
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
#define CH5_HAVE_LOCKING
#endif

static herr_t set_locking(hid_t fapl, int lock)
{
#ifdef CH5_HAVE_LOCKING
	return H5Pset_file_locking(fapl, lock != 0, 1);
#else
	(void)fapl;
	(void)lock;
	return 0;
#endif
}

int ch5_open(const char *path, int lock, hid_t *file)
{
	hid_t fapl;

	ch5_begin();
	*file = -1;
	if ((fapl = H5Pcreate(H5P_FILE_ACCESS)) < 0)
		return ch5_fail("file access properties");
	// Strong: closing the file closes its data sets, so no handle outlives it.
	if (set_locking(fapl, lock) >= 0 && H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG) >= 0)
		*file = H5Fopen(path, H5F_ACC_RDONLY, fapl);
	if (*file < 0)
		ch5_fail("cannot open");
	H5Pclose(fapl);
	return *file < 0 ? -1 : 0;
}

int ch5_close(hid_t file)
{
	ch5_begin();
	return H5Fclose(file) < 0 ? ch5_fail("cannot close") : 0;
}

int ch5_group_size(hid_t file, const char *group, hsize_t *n)
{
	hid_t g;
	H5G_info_t info;
	herr_t ok;

	ch5_begin();
	if ((g = H5Gopen2(file, group, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open group");
	if ((ok = H5Gget_info(g, &info)) < 0)
		ch5_fail("cannot list group");
	H5Gclose(g);
	*n = info.nlinks;
	return ok < 0 ? -1 : 0;
}

// Only the basic fields: the others are found by a walk through the index of the
// chunks. H5Oget_info2 came with 1.10.3.
static int object_info(hid_t obj, H5O_info_t *info)
{
#if H5_VERSION_GE(1, 10, 3)
	return H5Oget_info2(obj, info, H5O_INFO_BASIC) < 0 ? -1 : 0;
#else
	return H5Oget_info(obj, info) < 0 ? -1 : 0;
#endif
}

// The object behind a hard link is opened to learn what it is; no other link is
// followed.
static int describe_object(hid_t group, ch5_object *o)
{
	H5O_info_t info = {0};
	hid_t obj;
	int ok;

	if ((obj = H5Oopen(group, o->name, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open object");
	o->kind = H5Iget_type(obj);
	if ((ok = object_info(obj, &info)) < 0)
		ch5_fail("cannot read where an object is");
	H5Oclose(obj);
	o->address = info.addr;
	o->links = info.rc;
	return ok;
}

int ch5_link(hid_t file, const char *group, hsize_t i, ch5_object *o)
{
	H5L_info_t info;
	hid_t g;
	ssize_t len;
	int ret = -1;

	ch5_begin();
	o->kind = H5I_BADID;
	if ((g = H5Gopen2(file, group, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open group");
	len = H5Lget_name_by_idx(g, ".", H5_INDEX_NAME, H5_ITER_INC, i, o->name, CH5_NAME, H5P_DEFAULT);
	if (len < 0 || len >= CH5_NAME) {
		ch5_fail(len < 0 ? "cannot read a link's name" : "a link's name is longer than 255 bytes");
	} else if (H5Lget_info(g, o->name, &info, H5P_DEFAULT) < 0) {
		ch5_fail("cannot read a link");
	} else {
		o->link = info.type;
		ret = info.type == H5L_TYPE_HARD ? describe_object(g, o) : 0;
	}
	H5Gclose(g);
	return ret;
}

int ch5_filter_available(int id)
{
	htri_t ok;

	ch5_begin();
	ok = H5Zfilter_avail(id);
	return ok > 0;
}
