package mpi

// function is one of MPI's functions.
type function int

const (
	abort function = iota
	allgather
	allreduce
	alltoall
	barrier
	bcast
	commFree
	commRank
	commSetErrhandler
	commSize
	commSplit
	commSplitType
	errorClass
	errorString
	finalize
	finalized
	getLibraryVersion
	getVersion
	initThread
	initialized
	isThreadMain
	queryThread
	reduceLocal
	reduceScatterBlock
	typeSize
	functions int = iota
)

var functionNames = [functions]string{
	abort:              "MPI_Abort",
	allgather:          "MPI_Allgather",
	allreduce:          "MPI_Allreduce",
	alltoall:           "MPI_Alltoall",
	barrier:            "MPI_Barrier",
	bcast:              "MPI_Bcast",
	commFree:           "MPI_Comm_free",
	commRank:           "MPI_Comm_rank",
	commSetErrhandler:  "MPI_Comm_set_errhandler",
	commSize:           "MPI_Comm_size",
	commSplit:          "MPI_Comm_split",
	commSplitType:      "MPI_Comm_split_type",
	errorClass:         "MPI_Error_class",
	errorString:        "MPI_Error_string",
	finalize:           "MPI_Finalize",
	finalized:          "MPI_Finalized",
	getLibraryVersion:  "MPI_Get_library_version",
	getVersion:         "MPI_Get_version",
	initThread:         "MPI_Init_thread",
	initialized:        "MPI_Initialized",
	isThreadMain:       "MPI_Is_thread_main",
	queryThread:        "MPI_Query_thread",
	reduceLocal:        "MPI_Reduce_local",
	reduceScatterBlock: "MPI_Reduce_scatter_block",
	typeSize:           "MPI_Type_size",
}

// String returns the name in MPI.
func (f function) String() string { return functionNames[f] }
