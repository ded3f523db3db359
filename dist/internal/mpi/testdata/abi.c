/*
 * An MPI library for one process with the MPI-5 standard ABI, for tests: no such
 * library is packaged yet. It takes the values of section A.1 of MPI 5.0 and refuses
 * all others, so that a wrong constant in the binding is an error here. What it does
 * on the side, the tests ask for by environment variables:
 *
 *   STUB_ABI    the major version that it gives (default 1)
 *   STUB_LEVEL  the thread level that it gives (default: the one asked for)
 *   STUB_SUM    if set, sums are wrong by one
 *
 * It behaves badly in two ways that real ones do: a handler for SIGUSR2 while it is
 * loaded (as libhfi1), and one for SIGUSR1 at the start (as MPICH), both without
 * SA_ONSTACK.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uintptr_t handle;

enum { COMM_NULL = 0x100, COMM_WORLD = 0x101, COMM_SELF = 0x102, INFO_NULL = 0x130 };
enum { ERRORS_RETURN = 0x143 };
enum { FLOAT = 0x210, DOUBLE = 0x214, BYTE = 0x247, INT64 = 0x258 };
enum { SUM = 0x21, MIN = 0x22, MAX = 0x23 };
enum { THREAD_FUNNELED = 1024, THREAD_SERIALIZED = 2048, THREAD_MULTIPLE = 4096 };
enum { TYPE_SHARED = 221, UNDEFINED = -32766 };
enum { ERR_COUNT = 2, ERR_TYPE = 3, ERR_COMM = 5, ERR_OP = 10, ERR_ARG = 13, ERR_OTHER = 16 };
#define IN_PLACE ((const void *)1)

static int running, over, level, usr1, usr2;
static char environment[256];
/* A communicator that a split makes has an address of more than 32 bits, as in Open MPI 6. */
static handle made = 0x7f0123456780;

static void on_usr1(int s) { usr1 = s; }
static void on_usr2(int s) { usr2 = s; }

__attribute__((constructor)) static void loaded(void) {
	const char *names[] = {"UCX_ERROR_SIGNALS", "HFI_NO_BACKTRACE", "IPATH_NO_BACKTRACE"};
	char *to = environment;
	for (int i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);
		to += sprintf(to, " %s=%.16s", names[i], value ? value : "missing");
	}
	signal(SIGUSR2, on_usr2);
}

static int number(const char *name, int otherwise) {
	const char *value = getenv(name);
	return value ? atoi(value) : otherwise;
}

static int size_of(handle type) {
	switch (type) {
	case FLOAT: return 4;
	case DOUBLE: case INT64: return 8;
	case BYTE: return 1;
	}
	return 0;
}

static int bad(handle comm) {
	if (!running || over) return ERR_OTHER;
	return comm == COMM_WORLD || comm == COMM_SELF || comm == made ? 0 : ERR_COMM;
}

#define REDUCE(T)                                                                  \
	for (int i = 0; i < count; i++) {                                          \
		T a = ((const T *)in)[i], b = ((T *)out)[i];                       \
		((T *)out)[i] = op == SUM ? a + b + (T)wrong : op == MAX ? (a > b ? a : b) : (a < b ? a : b); \
	}                                                                          \
	return 0

static int combine(const void *in, void *out, int count, handle type, handle op) {
	int wrong = getenv("STUB_SUM") != NULL;
	if (count < 0) return ERR_COUNT;
	if (op != SUM && op != MAX && op != MIN) return ERR_OP;
	switch (type) {
	case FLOAT: REDUCE(float);
	case DOUBLE: REDUCE(double);
	case INT64: REDUCE(int64_t);
	}
	return ERR_TYPE;
}

/* What one process gets from a collective: what it has sent. */
static int copy(const void *in, void *out, int count, handle type, handle comm) {
	if (bad(comm)) return bad(comm);
	if (count < 0) return ERR_COUNT;
	if (!size_of(type)) return ERR_TYPE;
	if (in != IN_PLACE) memcpy(out, in, (size_t)count * size_of(type));
	return 0;
}

static int copy_reduced(const void *in, void *out, int count, handle type, handle op, handle comm) {
	if (op != SUM && op != MAX && op != MIN) return ERR_OP;
	if (type == BYTE) return ERR_TYPE;
	return copy(in, out, count, type, comm);
}

int MPI_Abi_get_version(int *major, int *minor) { *major = number("STUB_ABI", 1); *minor = 0; return 0; }
int MPI_Get_version(int *major, int *minor) { *major = 5; *minor = 0; return 0; }
int MPI_Get_library_version(char *text, int *n) { *n = sprintf(text, "Stub of MPI-5%s\nsecond line", environment); return 0; }
int MPI_Initialized(int *flag) { *flag = running; return 0; }
int MPI_Finalized(int *flag) { *flag = over; return 0; }
int MPI_Is_thread_main(int *flag) { *flag = 1; return 0; }
int MPI_Query_thread(int *given) { *given = level; return 0; }

int MPI_Init_thread(int *argc, char ***argv, int required, int *given) {
	if (argc || argv) return ERR_ARG;
	if (required && required != THREAD_FUNNELED && required != THREAD_SERIALIZED && required != THREAD_MULTIPLE) return ERR_ARG;
	signal(SIGUSR1, on_usr1);
	running = 1;
	*given = level = number("STUB_LEVEL", required);
	return 0;
}

int MPI_Finalize(void) { over = 1; return running ? 0 : ERR_OTHER; }
int MPI_Abort(handle comm, int code) { exit(bad(comm) ? 99 : code); }

int MPI_Comm_set_errhandler(handle comm, handle handler) {
	if (bad(comm)) return bad(comm);
	return handler == ERRORS_RETURN ? 0 : ERR_ARG;
}
int MPI_Comm_rank(handle comm, int *rank) { *rank = 0; return bad(comm); }
int MPI_Comm_size(handle comm, int *size) { *size = 1; return bad(comm); }
int MPI_Comm_split(handle comm, int colour, int key, handle *part) {
	*part = colour == UNDEFINED ? COMM_NULL : made;
	return bad(comm);
}
int MPI_Comm_split_type(handle comm, int type, int key, handle info, handle *part) {
	if (type != TYPE_SHARED || info != INFO_NULL) return ERR_ARG;
	*part = made;
	return bad(comm);
}
int MPI_Comm_free(handle *comm) {
	if (*comm != made) return ERR_COMM;
	*comm = COMM_NULL;
	return 0;
}

int MPI_Error_class(int code, int *class) { *class = code; return 0; }
int MPI_Error_string(int code, char *text, int *n) { *n = sprintf(text, "stub error %d", code); return 0; }
int MPI_Type_size(handle type, int *size) { *size = size_of(type); return *size ? 0 : ERR_TYPE; }

int MPI_Reduce_local(const void *in, void *out, int count, handle type, handle op) { return combine(in, out, count, type, op); }
int MPI_Barrier(handle comm) { return bad(comm); }
int MPI_Bcast(void *buf, int count, handle type, int root, handle comm) {
	return root ? ERR_ARG : copy(IN_PLACE, buf, count, type, comm);
}
int MPI_Allreduce(const void *in, void *out, int count, handle type, handle op, handle comm) {
	return copy_reduced(in, out, count, type, op, comm);
}
int MPI_Reduce_scatter_block(const void *in, void *out, int count, handle type, handle op, handle comm) {
	return copy_reduced(in, out, count, type, op, comm);
}
int MPI_Allgather(const void *in, int n, handle t, void *out, int m, handle u, handle comm) {
	return n != m || t != u ? ERR_ARG : copy(in, out, n, t, comm);
}
int MPI_Alltoall(const void *in, int n, handle t, void *out, int m, handle u, handle comm) {
	return n != m || t != u ? ERR_ARG : copy(in, out, n, t, comm);
}
