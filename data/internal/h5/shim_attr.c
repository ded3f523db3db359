//go:build cgo && !nohdf5

#include "shim.h"

#include <stdlib.h>
#include <string.h>

// An attribute's text is a name or a setting; a megabyte is a damaged header.
#define CH5_ATTR_MAX (1 << 20)

static int read_text(hid_t attr, hid_t type, hid_t space, ch5_attr *a)
{
	size_t size = H5Tget_size(type);
	char *p = NULL;

	if (H5Tis_variable_str(type) > 0) {
		if (H5Aread(attr, type, &p) < 0)
			return ch5_fail("cannot read attribute");
		a->text = strdup(p != NULL ? p : "");
		H5Dvlen_reclaim(type, space, H5P_DEFAULT, &p);
		return a->text != NULL ? 0 : ch5_fail("out of memory");
	}
	if (size > CH5_ATTR_MAX)
		return ch5_fail("the attribute's text is longer than 1 MiB");
	if ((a->text = calloc(1, size + 1)) == NULL)
		return ch5_fail("out of memory");
	if (H5Aread(attr, type, a->text) < 0)
		return ch5_fail("cannot read attribute");
	if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) // Fortran
		while (size > 0 && a->text[size - 1] == ' ')
			a->text[--size] = '\0';
	return 0;
}

static int read_value(hid_t attr, hid_t type, hid_t space, ch5_attr *a)
{
	hid_t base;
	herr_t ok = 0;

	if (a->class == H5T_STRING)
		return read_text(attr, type, space, a);
	// libhdf5 1.10 writes past its memory when it converts larger ones.
	if (H5Tget_size(type) > 16)
		return ch5_fail("the attribute's number is larger than 16 bytes");
	if (a->class == H5T_FLOAT)
		ok = H5Aread(attr, H5T_NATIVE_DOUBLE, &a->real);
	else if (a->class == H5T_INTEGER || a->class == H5T_ENUM) {
		base = a->class == H5T_ENUM ? H5Tget_super(type) : H5Tcopy(type);
		a->sign = H5Tget_sign(base) == H5T_SGN_2;
		H5Tclose(base);
		ok = a->sign ? H5Aread(attr, H5T_NATIVE_INT64, &a->integer) : H5Aread(attr, H5T_NATIVE_UINT64, &a->natural);
	}
	return ok < 0 ? ch5_fail("cannot read attribute") : 0;
}

int ch5_attr_count(hid_t file, const char *object, hsize_t *n)
{
	H5O_info_t info;

	ch5_begin();
	if (H5Oget_info_by_name2(file, object, &info, H5O_INFO_NUM_ATTRS, H5P_DEFAULT) < 0)
		return ch5_fail("cannot list attributes");
	*n = info.num_attrs;
	return 0;
}

int ch5_attr_name(hid_t file, const char *object, hsize_t i, char name[CH5_NAME])
{
	ssize_t len;

	ch5_begin();
	len = H5Aget_name_by_idx(file, object, H5_INDEX_NAME, H5_ITER_INC, i, name, CH5_NAME, H5P_DEFAULT);
	if (len < 0 || len >= CH5_NAME)
		return ch5_fail(len < 0 ? "cannot read an attribute's name" : "an attribute's name is longer than 255 bytes");
	return 0;
}

// The value is read only when there is exactly one.
int ch5_attr_read(hid_t file, const char *object, const char *name, int *found, ch5_attr *a)
{
	hid_t attr, type = -1, space = -1;
	htri_t exists;
	int ret = -1;

	ch5_begin();
	if ((exists = H5Aexists_by_name(file, object, name, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot look up attribute");
	*found = exists > 0;
	if (!exists)
		return 0;
	if ((attr = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT)) < 0)
		return ch5_fail("cannot open attribute");
	if ((type = H5Aget_type(attr)) < 0 || (space = H5Aget_space(attr)) < 0
	    || (a->points = H5Sget_simple_extent_npoints(space)) < 0)
		ch5_fail("cannot read attribute");
	else {
		a->class = H5Tget_class(type);
		ret = a->points == 1 ? read_value(attr, type, space, a) : 0;
	}
	if (space >= 0)
		H5Sclose(space);
	if (type >= 0)
		H5Tclose(type);
	H5Aclose(attr);
	return ret;
}

static int write_value(hid_t file, const char *object, const char *name, hid_t file_type, hid_t mem_type, const void *value)
{
	hid_t space = -1, attr = -1;
	int ret = -1;

	if ((space = H5Screate(H5S_SCALAR)) < 0)
		return ch5_fail("cannot write attribute");
	if ((H5Aexists_by_name(file, object, name, H5P_DEFAULT) <= 0 || H5Adelete_by_name(file, object, name, H5P_DEFAULT) >= 0)
	    && (attr = H5Acreate_by_name(file, object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)) >= 0
	    && H5Awrite(attr, mem_type, value) >= 0)
		ret = 0;
	else
		ch5_fail("cannot write attribute");
	if (attr >= 0)
		H5Aclose(attr);
	H5Sclose(space);
	return ret;
}

// Of variable length, because Python then gives str and not bytes.
int ch5_attr_write_text(hid_t file, const char *object, const char *name, const char *value)
{
	hid_t type;
	int ret = -1;

	ch5_begin();
	if ((type = H5Tcopy(H5T_C_S1)) < 0)
		return ch5_fail("cannot write attribute");
	if (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
		ch5_fail("cannot write attribute");
	else
		ret = write_value(file, object, name, type, type, &value);
	H5Tclose(type);
	return ret;
}

int ch5_attr_write_real(hid_t file, const char *object, const char *name, double value)
{
	ch5_begin();
	return write_value(file, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

int ch5_attr_write_integer(hid_t file, const char *object, const char *name, int64_t value)
{
	ch5_begin();
	return write_value(file, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}
