package cpu

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []int
	}{
		{"one", "7", []int{7}},
		{"ranges and single ones", "0-3,8,10-12", []int{0, 1, 2, 3, 8, 10, 11, 12}},
		{"in the order given", "5,1-2", []int{5, 1, 2}},
		{"a range of one", "4-4", []int{4}},
		{"as read from a file", "0-1\n", []int{0, 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cores, err := Parse(tc.text)
			require.NoError(t, err)
			assert.Equal(t, tc.want, cores)
		})
	}
	for _, text := range []string{"", "a", "1,", "3-1", "-1", "1-", "0-1024", "1 2", "1-2-3"} {
		_, err := Parse(text)
		assert.ErrorContains(t, err, "is no core and no range of cores from 0 to 1023", "%q", text)
	}
}

func TestFormat(t *testing.T) {
	for _, text := range []string{"0", "0-3,8,10-12", "1,3,5-6"} {
		cores, err := Parse(text)
		require.NoError(t, err)
		assert.Equal(t, text, Format(cores))
	}
}

// twoSockets is a machine of two processors with two cores of two threads each, numbered
// as Linux likes to: the second threads after all the first.
func twoSockets() fstest.MapFS {
	files := map[string]string{"node/node0/cpulist": "0-1,4-5\n", "node/node1/cpulist": "2-3,6-7\n", "node/has_cpu": "0-1\n"}
	for _, c := range []struct{ cpu, pack, core, siblings string }{
		{"0", "0", "0", "0,4"},
		{"1", "0", "1", "1,5"},
		{"2", "1", "0", "2,6"},
		{"3", "1", "1", "3,7"},
		{"4", "0", "0", "0,4"},
		{"5", "0", "1", "1,5"},
		{"6", "1", "0", "2,6"},
		{"7", "1", "1", "3,7"},
	} {
		dir := "cpu/cpu" + c.cpu + "/topology/"
		files[dir+"physical_package_id"] = c.pack + "\n"
		files[dir+"core_id"] = c.core + "\n"
		files[dir+"thread_siblings_list"] = c.siblings + "\n"
	}
	system := fstest.MapFS{}
	for name, text := range files {
		system[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return system
}

func TestOrder(t *testing.T) {
	for _, tc := range []struct {
		name             string
		allowed          string
		compact, scatter []int
	}{
		{"all", "0-7", []int{0, 1, 2, 3, 4, 5, 6, 7}, []int{0, 2, 1, 3, 4, 6, 5, 7}},
		{"one processor", "2-3,6-7", []int{2, 3, 6, 7}, []int{2, 3, 6, 7}},
		{"the first threads are not allowed", "4-7", []int{4, 5, 6, 7}, []int{4, 6, 5, 7}},
		{"one node has more", "0-2", []int{0, 1, 2}, []int{0, 2, 1}},
		{"one core", "5", []int{5}, []int{5}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			allowed, err := Parse(tc.allowed)
			require.NoError(t, err)
			machine := Read(twoSockets(), allowed)
			assert.Equal(t, tc.compact, machine.Order(true), "compact")
			assert.Equal(t, tc.scatter, machine.Order(false), "scatter")
		})
	}
}

// TestOrderWithoutTopology: where the system tells nothing, numbers decide.
func TestOrderWithoutTopology(t *testing.T) {
	machine := Read(fstest.MapFS{}, []int{1, 3, 9})
	assert.Equal(t, []int{1, 3, 9}, machine.Order(true))
	assert.Equal(t, []int{1, 3, 9}, machine.Order(false))
}
