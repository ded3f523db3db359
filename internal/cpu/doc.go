// Package cpu tells which cores the process may use, and where they are in the machine, as
// Linux describes it.
//
//	allowed, err := cpu.Allowed()
//	where := cpu.Read(cpu.System, allowed)
package cpu
