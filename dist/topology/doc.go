// Package topology gives the ranks of one machine their share of its cores, and tells what
// is wrong where a launcher gave them another.
//
//	err := topology.Bind() // first of all, in main: CASCADE_BIND=numa|cores
//	comm, err := dist.Init()
//	node, err := topology.Look(comm, ops.Default().Workers())
//	fmt.Println(node)
//	for _, advice := range node.Advice() {
//		fmt.Fprintln(os.Stderr, advice)
//	}
//
// Launchers bind ranks to cores by rules of their own. Open MPI gives each of two ranks a
// single core unless it is told otherwise, and Go then works with one thread without a
// word: Advice has the words.
package topology
