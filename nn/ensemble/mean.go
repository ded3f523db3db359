package ensemble

import (
	"fmt"
	"math"
)

// Mean is a mean over reports with its standard error: the deviation of the sample,
// with n-1, over the root of n; 0 for one report.
type Mean struct{ Value, Error float64 }

func meanOf(values []float64) Mean {
	n := float64(len(values))
	var m Mean
	for _, v := range values {
		m.Value += v / n
	}
	if n < 2 {
		return m
	}
	sum := 0.0
	for _, v := range values {
		sum += (v - m.Value) * (v - m.Value)
	}
	m.Error = math.Sqrt(sum / (n - 1) / n)
	return m
}

// text writes the value by a format such as "%+.2f", and the error if there is one.
func (m Mean) text(format string, scale float64, several bool) string {
	text := fmt.Sprintf(format, scale*m.Value)
	if several {
		text += fmt.Sprintf(" ± %.*f", digits(format), scale*m.Error)
	}
	return text
}

// digits behind the point of a format.
func digits(format string) int { return int(format[len(format)-2] - '0') }

// MeanScores are means of [Scores].
type MeanScores struct{ Top1, Top5, NLL, ECE Mean }

// meanScores is nil if one of the scores is.
func meanScores(list []*Scores) *MeanScores {
	var top1, top5, nll, ece []float64
	for _, s := range list {
		if s == nil {
			return nil
		}
		top1, top5 = append(top1, s.Top1), append(top5, s.Top5)
		nll, ece = append(nll, s.NLL), append(ece, s.ECE)
	}
	return &MeanScores{meanOf(top1), meanOf(top5), meanOf(nll), meanOf(ece)}
}
