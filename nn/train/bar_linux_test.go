package train

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// pseudoterminal is a terminal of a width, and the end at which a person would sit.
func pseudoterminal(t *testing.T, width uint16) (person, terminal *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudoterminals: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { terminal.Close() })
	require.NoError(t, unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}))
	return person, terminal
}

// eof ends what is written to a terminal in a test; nothing else writes it.
const eof = "\x1c"

// TestBarFits: a bar shows as many metrics as the terminal has room for, since a line
// that wraps is left behind at every redraw.
func TestBarFits(t *testing.T) {
	tests := []struct {
		name       string
		width      uint16
		has, lacks string
	}{
		{"wide", 200, "32 showers/s, 4m10s left; d real 0.5, d fake 0.5, g real 0.5, g sum % 0.5", "\n"},
		{"the usual width", 80, "epoch 2/3: 32 showers/s, 4m10s left; d real 0.5", "d fake"},
		{"narrow", 45, "epoch 2/3", "showers"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			person, terminal := pseudoterminal(t, test.width)
			b := newBar(&Loop{
				Epochs: 3, Steps: 200, Batch: 32, Unit: "showers",
				Metrics: []string{"d real", "d fake", "g real", "g sum %"},
			}, terminal, new(feed))
			b.begin(Position{Epoch: 1, Step: 100}, "")
			b.start, b.shown = time.Now().Add(-50*time.Second), time.Now().Add(-redraw)
			b.step(Position{Step: 150}, []float64{75, 75, 75, 75}, 150)
			b.finish()

			_, err := terminal.WriteString(eof)
			require.NoError(t, err)
			text, err := bufio.NewReader(person).ReadString(eof[0])
			require.NoError(t, err)
			assert.Contains(t, text, " 75% |████████████    |")
			assert.Contains(t, text, test.has)
			assert.NotContains(t, text, test.lacks)
			for line := range strings.SplitSeq(text, "\r") {
				assert.Less(t, utf8.RuneCountInString(line), int(test.width), "%q", line)
			}
		})
	}
}

// TestALineDoesNotTearTheBar: what is said between two steps stands alone on its line, and
// the bar is drawn again below it.
func TestALineDoesNotTearTheBar(t *testing.T) {
	person, terminal := pseudoterminal(t, 80)
	b := newBar(&Loop{Epochs: 3, Steps: 200, Metrics: []string{"loss"}}, terminal, new(feed))
	b.begin(Position{Epoch: 1, Step: 100}, "")
	b.say("early sign")
	b.step(Position{Step: 150}, []float64{75}, 150)
	b.finish()

	_, err := terminal.WriteString(eof)
	require.NoError(t, err)
	text, err := bufio.NewReader(person).ReadString(eof[0])
	require.NoError(t, err)
	before, after, found := strings.Cut(text, "\rearly sign\r\n")
	require.True(t, found, "%q", text)
	assert.Contains(t, before, " 50% |")
	assert.Contains(t, after, " 75% |")
	assert.Empty(t, strings.TrimSpace(before[strings.LastIndex(strings.TrimRight(before, "\r"), "\r")+1:]), "the line was cleared: %q", before)
}
