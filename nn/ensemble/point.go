package ensemble

import "slices"

// Point is a row of the published tables: a point of the training, the network that
// collapsed from there, and the ensemble of what there was until then. What there is not
// is nil.
type Point struct {
	Phase       string  `json:"phase"`
	Uncollapsed *Scored `json:"uncollapsed,omitempty"`
	Collapsed   *Scored `json:"collapsed,omitempty"`
	// Ensemble is that of all members so far but those apart and those with a collapsed
	// twin; nil where nothing joined it.
	Ensemble *Grown `json:"ensemble,omitempty"`
	// Twins is the ensemble of the uncollapsed twins instead, so far.
	Twins *Grown `json:"uncollapsed_ensemble,omitempty"`
}

// Scored is a member with its scores.
type Scored struct {
	Member Member `json:"member"`
	Scores Scores `json:"scores"`
}

// Grown is an ensemble with its scores.
type Grown struct {
	Members []string `json:"members"`
	Scores  Scores   `json:"scores"`
}

// arrange finds the twins.
func arrange(members []Member) []Point {
	var points []Point
	for _, m := range members {
		s := &Scored{Member: m}
		if !m.Collapsed {
			points = append(points, Point{Phase: m.Phase, Uncollapsed: s})
			continue
		}
		i := slices.IndexFunc(points, func(p Point) bool {
			return p.Phase == m.Phase && p.Collapsed == nil && !p.Apart()
		})
		if i < 0 || m.Apart {
			points = append(points, Point{Phase: m.Phase, Collapsed: s})
			continue
		}
		points[i].Collapsed = s
	}
	return points
}

// Member is what belongs to the ensemble at a point, if it is not apart: the collapsed
// member, or the only one.
func (p Point) Member() *Scored {
	if p.Collapsed != nil {
		return p.Collapsed
	}
	return p.Uncollapsed
}

// Apart says that the member of a point is in no ensemble.
func (p Point) Apart() bool { return p.Member().Member.Apart }

// Gain is what the collapse brought: the scores of the collapsed member less those of its
// twin; nil without a twin.
func (p Point) Gain() *Scores { return less(p.Collapsed.scores(), p.Uncollapsed.scores()) }

func (s *Scored) scores() *Scores {
	if s == nil {
		return nil
	}
	return &s.Scores
}

func (g *Grown) scores() *Scores {
	if g == nil {
		return nil
	}
	return &g.Scores
}

// name is that of a member, "" for none.
func (s *Scored) name() string {
	if s == nil {
		return ""
	}
	return s.Member.Name
}
