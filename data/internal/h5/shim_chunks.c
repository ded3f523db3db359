//go:build cgo && !nohdf5

#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Where the chunks of a data set are stored.
//
// H5Dget_chunk_info walks the index from its start for every chunk, so that a
// hundred thousand chunks take minutes, and libraries before 1.14 forget to add
// a user block to the addresses. H5Dread_chunk looks a chunk up by its place, in
// every kind of index. So the file is opened a second time with a file driver
// that reads metadata as any other does, but of a chunk only notes where
// libhdf5 went to read it.

typedef struct {
	H5FD_t pub; // must be first
	int fd;
	haddr_t allocated, size;
} listing;

// What the driver was last asked for. Guarded by the Go lock.
static struct {
	int on, reads;
	haddr_t address;
	size_t size;
} noted;

static H5FD_t *listing_open(const char *name, unsigned flags, hid_t fapl, haddr_t max)
{
	listing *f;
	struct stat st;

	(void)flags;
	(void)fapl;
	(void)max;
	if ((f = calloc(1, sizeof *f)) == NULL)
		return NULL;
	if ((f->fd = open(name, O_RDONLY | O_CLOEXEC)) >= 0 && fstat(f->fd, &st) == 0) {
		f->size = (haddr_t)st.st_size;
		return &f->pub;
	}
	if (f->fd >= 0)
		close(f->fd);
	free(f);
	return NULL;
}

static herr_t listing_close(H5FD_t *file)
{
	int bad = close(((listing *)file)->fd);

	free(file);
	return bad ? -1 : 0;
}

static haddr_t listing_eoa(const H5FD_t *file, H5FD_mem_t type)
{
	(void)type;
	return ((const listing *)file)->allocated;
}

static herr_t listing_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t to)
{
	(void)type;
	((listing *)file)->allocated = to;
	return 0;
}

static haddr_t listing_eof(const H5FD_t *file, H5FD_mem_t type)
{
	(void)type;
	return ((const listing *)file)->size;
}

static herr_t listing_read(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t at, size_t size, void *buf)
{
	char *to = buf;
	ssize_t n;

	(void)dxpl;
	if (noted.on && type == H5FD_MEM_DRAW) {
		noted.address = at;
		noted.size = size;
		noted.reads++;
		return 0;
	}
	while (size > 0) {
		n = pread(((listing *)file)->fd, to, size, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		to += n;
		at += (haddr_t)n;
		size -= (size_t)n;
	}
	return 0;
}

static herr_t listing_write(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t at, size_t size, const void *buf)
{
	(void)file;
	(void)type;
	(void)dxpl;
	(void)at;
	(void)size;
	(void)buf;
	return -1;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
	.version = H5FD_CLASS_VERSION,
	.value = 511, // the last of the numbers that are free for everyone's use
#endif
	.name = "cascade_listing",
	.maxaddr = INT64_MAX,
	.fc_degree = H5F_CLOSE_STRONG,
	.open = listing_open,
	.close = listing_close,
	.get_eoa = listing_eoa,
	.set_eoa = listing_set_eoa,
	.get_eof = listing_eof,
	.read = listing_read,
	.write = listing_write,
	.fl_map = H5FD_FLMAP_DICHOTOMY,
};

static hid_t open_listing(const char *path)
{
	static hid_t id = -1;
	hid_t fapl, file = -1;

	if (id < 0 && (id = H5FDregister(&driver)) < 0)
		return -1;
	if ((fapl = H5Pcreate(H5P_FILE_ACCESS)) < 0)
		return -1;
	if (H5Pset_driver(fapl, id, NULL) >= 0 && H5Pset_fclose_degree(fapl, H5F_CLOSE_STRONG) >= 0)
		file = H5Fopen(path, H5F_ACC_RDONLY, fapl);
	H5Pclose(fapl);
	return file;
}

// locate fills in one chunk; a chunk that was never written has no address.
static int locate(hid_t dset, const hsize_t *offset, ch5_chunk *c)
{
	char unread;

	c->address = HADDR_UNDEF;
	c->size = 0;
	c->mask = 0;
	noted.on = 1;
	noted.reads = 0;
	if (H5Dread_chunk(dset, H5P_DEFAULT, offset, &c->mask, &unread) >= 0 && noted.reads == 1 && noted.size <= UINT32_MAX) {
		c->address = noted.address;
		c->size = (uint32_t)noted.size;
	}
	noted.on = 0;
	return c->address != HADDR_UNDEF;
}

// locate_all counts through the grid of chunks, last axis fastest, until it has
// met as many as the index holds.
static int locate_all(hid_t dset, int rank, const hsize_t *grid, const hsize_t *chunk, ch5_chunk *out, hsize_t n)
{
	hsize_t at[CH5_RANK] = {0}, offset[CH5_RANK], stored, found = 0, i;
	hid_t space;
	int k;

	if ((space = H5Dget_space(dset)) < 0)
		return ch5_fail("cannot read the shape");
	k = H5Sget_simple_extent_ndims(space) != rank
	        ? ch5_fail("the data set's rank has changed since the file was opened")
	    : H5Dget_num_chunks(dset, space, &stored) < 0 ? ch5_fail("cannot count the chunks")
	                                                  : 0;
	H5Sclose(space);
	if (k < 0)
		return -1;
	for (i = 0; i < n; i++) {
		out[i].address = HADDR_UNDEF;
		if (found < stored) {
			for (k = 0; k < rank; k++)
				offset[k] = at[k] * chunk[k];
			found += (hsize_t)locate(dset, offset, &out[i]);
		}
		for (k = rank - 1; k >= 0 && ++at[k] == grid[k]; k--)
			at[k] = 0;
	}
	if (found < stored) // then which of those not met were never written cannot be told
		for (i = 0; i < n; i++)
			if (out[i].address == HADDR_UNDEF)
				out[i].address = CH5_LOST;
	return 0;
}

int ch5_chunks(const char *path, const char *name, int rank, const hsize_t *grid, const hsize_t *chunk, ch5_chunk *out, hsize_t n)
{
	hid_t file, dset;
	hsize_t product = 1;
	int ret, i;

	ch5_begin();
	if (rank < 1 || rank > CH5_RANK)
		return ch5_fail("rank out of range");
	for (i = 0; i < rank; i++)
		product *= grid[i]; // Go has looked for overflow
	if (product != n)
		return ch5_fail("the list has another length than the grid of chunks");
	if ((file = open_listing(path)) < 0)
		return ch5_fail("cannot open to list the chunks");
	if ((dset = H5Dopen2(file, name, H5P_DEFAULT)) < 0)
		ret = ch5_fail("cannot open data set");
	else
		ret = locate_all(dset, rank, grid, chunk, out, n);
	H5Fclose(file);
	return ret;
}
