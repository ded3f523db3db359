package compile

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// TestVerbose reads the line of a run as a script for oneDNN's log would.
func TestVerbose(t *testing.T) {
	g := &ir.Graph{Name: "verbose"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(3), Input: "x"})
	y := g.Emit(op.Scale{Factor: 2}, x)
	g.AssignNames()
	pool := ops.NewPool(1)
	defer pool.Close()
	p, err := Compile(Source{Graph: g, Inputs: []Port{{"x", x}}, Outputs: []Port{{"y", y}}}, Options{Batch: 2, Pool: pool})
	require.NoError(t, err)
	var b bytes.Buffer
	p.log = newVerbose("1", &b)
	require.NoError(t, p.Run(0))
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, lines, 2)
	fields := strings.Split(lines[1], ",")
	template := strings.Split(lines[0], ",")
	require.Len(t, fields, 13)
	assert.Equal(t, strings.Split("cascade_verbose,v1,primitive,info,template:operation,engine,primitive,implementation,"+
		"prop_kind,memory_descriptors,attributes,auxiliary,problem_desc,exec_time", ","), template, "as oneDNN's is")
	assert.Len(t, template, len(fields)+1, "the marker and the word info before the names of the fields")
	assert.Equal(t, []string{"cascade_verbose", "v1", "primitive", "exec", "cpu", "eltwise"}, fields[:6])
	assert.Equal(t, "src0_f32::blocked:ab::f0 dst0_f32::blocked:ab::f0", fields[8])
	assert.Equal(t, "layer:scale_1", fields[10])
	assert.NotEmpty(t, fields[12])
}

func TestVerboseIsOff(t *testing.T) {
	for _, setting := range []string{"", "0", "none"} {
		assert.Nil(t, newVerbose(setting, nil), "%q", setting)
	}
	var none *verbose
	none.step("exec", nil, time.Second)
}

func TestTag(t *testing.T) {
	for _, tc := range []struct {
		want string
		t    ir.Type
	}{
		{"ab", ir.Sample(7)},
		{"abcde", ir.Sample(1, 2, 3, 4)},
		{"aBcd16b", ir.Sample(20, 5, 5).In(ops.NCX16c)},
		{"Abcde16a", ir.Sample(6, 5, 5, 5).In(ops.NCX16n)},
		{"a", ir.Whole(1)},
		{"a", ir.Whole()},
		{"abcdefghijkl", ir.Sample(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)},
		{"abcd", ir.Whole(8, 4, 3, 3)},
	} {
		assert.Equal(t, tc.want, tag(tc.t))
	}
}
