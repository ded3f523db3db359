package mpi

// ABI is the binary interface of a library: how it represents what mpi.h names.
type ABI int

// The interfaces that exist. Names of files do not tell them apart: libmpi.so.12
// was Open MPI 1.10 before it was MPICH.
const (
	MPICH    ABI = iota + 1 // MPICH 3.1 and later, Intel MPI, MVAPICH, Cray
	OpenMPI                 // Open MPI 1.7 and later
	Standard                // MPI 5.0, chapter 20
)

// String returns the name for logs.
func (a ABI) String() string {
	switch a {
	case MPICH:
		return "MPICH ABI"
	case OpenMPI:
		return "Open MPI ABI"
	case Standard:
		return "MPI-5 ABI"
	}
	return "unknown ABI"
}

// constants are what mpi.h of an ABI defines. Handles are int32 in MPICH and
// pointers elsewhere; both fit an argument of type uintptr.
type constants struct {
	world, self, null uintptr // communicators
	types             [datatypes]uintptr
	ops               [ops]uintptr
	errorsReturn      uintptr
	noInfo            uintptr
	inPlace           uintptr
	shared            uintptr       // MPI_COMM_TYPE_SHARED
	levels            [levels]int32 // by ThreadLevel - 1
}

// mpichConstants are those of MPICH's mpi.h. They have been fixed since MPICH 3.1
// (2014) by the agreement of its family, https://www.mpich.org/abi/.
var mpichConstants = constants{
	world: 0x44000000, self: 0x44000001, null: 0x04000000,
	types:        [datatypes]uintptr{Float32: 0x4c00040a, Float64: 0x4c00080b, Int64: 0x4c00083a, Byte: 0x4c00010d},
	ops:          [ops]uintptr{Sum: 0x58000003, Max: 0x58000001, Min: 0x58000002},
	errorsReturn: 0x54000001,
	noInfo:       0x1c000000,
	inPlace:      ^uintptr(0),
	shared:       1,
	levels:       [levels]int32{0, 1, 2, 3},
}

// standardConstants are those of MPI 5.0, section A.1, as mpi.h of
// https://github.com/mpi-forum/mpi-abi-stubs has them. Until October 2025 that
// file, and MPICH with it, had the values of MPI_ERRORS_RETURN and
// MPI_ERRORS_ABORT the wrong way round (mpi-abi-stubs pull request 72): with a
// library of before, errors end the program.
var standardConstants = constants{
	world: 0x101, self: 0x102, null: 0x100,
	types:        [datatypes]uintptr{Float32: 0x210, Float64: 0x214, Int64: 0x258, Byte: 0x247},
	ops:          [ops]uintptr{Sum: 0x21, Max: 0x23, Min: 0x22},
	errorsReturn: 0x143,
	noInfo:       0x130,
	inPlace:      1,
	shared:       221,
	levels:       [levels]int32{0, 1024, 2048, 4096},
}

// openMPIConstants are those of Open MPI's mpi.h, where handles are the addresses
// of variables in the library.
func openMPIConstants(find func(symbol string) (uintptr, error)) (constants, error) {
	c := constants{inPlace: 1, shared: 0, levels: [levels]int32{0, 1, 2, 3}}
	for _, v := range []struct {
		to     *uintptr
		symbol string
	}{
		{&c.world, "ompi_mpi_comm_world"},
		{&c.self, "ompi_mpi_comm_self"},
		{&c.null, "ompi_mpi_comm_null"},
		{&c.types[Float32], "ompi_mpi_float"},
		{&c.types[Float64], "ompi_mpi_double"},
		{&c.types[Int64], "ompi_mpi_int64_t"},
		{&c.types[Byte], "ompi_mpi_byte"},
		{&c.ops[Sum], "ompi_mpi_op_sum"},
		{&c.ops[Max], "ompi_mpi_op_max"},
		{&c.ops[Min], "ompi_mpi_op_min"},
		{&c.errorsReturn, "ompi_mpi_errors_return"},
		{&c.noInfo, "ompi_mpi_info_null"},
	} {
		address, err := find(v.symbol)
		if err != nil {
			return c, err
		}
		*v.to = address
	}
	return c, nil
}
