package compile

import "slices"

// Without leaves a pass out until the function that it returns is called.
func Without(name string) (back func()) {
	all := passes
	passes = slices.DeleteFunc(slices.Clone(passes), func(p pass) bool { return p.name == name })
	return func() { passes = all }
}
