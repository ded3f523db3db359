/*
 * The twin of 'bench allreduce' in C: the same sums of float in place, of vectors that were
 * just written, behind the same barriers, as often, with the same numbers of them printed,
 * as JSON a line.
 *
 *   mpicc -O2 -o allreduce dist/bench/c/allreduce.c && mpirun -n 2 ./allreduce [MIN MAX]
 */
#define _DEFAULT_SOURCE
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void fail(const char *what)
{
	fprintf(stderr, "allreduce: %s\n", what);
	MPI_Abort(MPI_COMM_WORLD, 1);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* calls is how many of a length are timed. */
static int calls(long bytes)
{
	long n = (256L << 20) / bytes;
	return n < 20 ? 20 : n > 2000 ? 2000 : (int)n;
}

static void check_sum(float *x, long n, int rank, int ranks)
{
	for (long i = 0; i < n; i++)
		x[i] = rank + 1;
	MPI_Allreduce(MPI_IN_PLACE, x, (int)n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
	for (long i = 0; i < n; i++)
		if (x[i] != ranks * (ranks + 1) / 2)
			fail("a wrong sum");
	memset(x, 0, n * sizeof *x);
}

/* median is that of the calls of this rank, in microseconds. */
static double median(float *x, long bytes, double *took)
{
	int n = calls(bytes);
	for (int i = -(n / 10 + 2); i < n; i++) {
		memset(x, 0, bytes);
		MPI_Barrier(MPI_COMM_WORLD);
		double begin = MPI_Wtime();
		MPI_Allreduce(MPI_IN_PLACE, x, (int)(bytes / 4), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
		double end = MPI_Wtime();
		if (i >= 0)
			took[i] = (end - begin) * 1e6;
	}
	qsort(took, n, sizeof *took, ascending);
	return took[n / 2];
}

int main(int argc, char **argv)
{
	int rank, ranks;
	long least = argc > 2 ? atol(argv[1]) : 4 << 10;
	long most = argc > 2 ? atol(argv[2]) : 100 << 20;

	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &ranks);
	if (least < 4 || most < least || least % 4 || most % 4)
		fail("usage: allreduce [MIN MAX], in bytes");
	float *x = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	double *took = malloc(calls(least) * sizeof *took);
	if (x == MAP_FAILED || took == NULL)
		fail("no memory");
	check_sum(x, most / 4, rank, ranks);

	for (long bytes = least;; bytes = bytes * 4 < most ? bytes * 4 : most) {
		double us = median(x, bytes, took), sum, lo, hi;
		MPI_Reduce(&us, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
		MPI_Reduce(&us, &lo, 1, MPI_DOUBLE, MPI_MIN, 0, MPI_COMM_WORLD);
		MPI_Reduce(&us, &hi, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
		if (rank == 0)
			printf("{\"bytes\":%ld,\"ranks\":%d,\"mean_us\":%.3f,\"least_us\":%.3f,\"most_us\":%.3f}\n",
			       bytes, ranks, sum / ranks, lo, hi);
		if (bytes == most)
			break;
	}
	MPI_Finalize();
	return 0;
}
