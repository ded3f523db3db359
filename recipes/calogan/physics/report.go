package physics

// Report is what Compare found. Energies are in GeV, positions in cells, shares
// and differences plain numbers (0.15 is 15%).
type Report struct {
	Data     Sample      `json:"data"`
	GAN      Sample      `json:"gan"`
	Criteria []Criterion `json:"criteria"`
	Merit    Merit       `json:"merit"`
	// Floor is the merit of one half of the data against the other.
	Floor   Merit    `json:"floor"`
	Figures []Figure `json:"figures"`
	// Profiles are the mean energy at each position along x, y and z (depth), and
	// Maxima the share of showers whose highest cell is there.
	Profiles [3]Profile `json:"profiles"`
	Maxima   [3]Profile `json:"maxima"`
	// Bins are the published energy bins, Bands every 50 GeV.
	Bins     []Band   `json:"bins"`
	Bands    []Band   `json:"bands"`
	Spectrum Spectrum `json:"spectrum"`
	// Notes say what was widened or left out.
	Notes []string `json:"notes,omitempty"`

	pictures [2][Side * Side]float64 // mean energy in x, z of data and GAN
}

// Sample describes what was collected.
type Sample struct {
	Name      string  `json:"name"`
	Events    int     `json:"events"`
	Empty     int     `json:"empty"` // showers without energy
	EnergyMin float64 `json:"energy_min"`
	EnergyMax float64 `json:"energy_max"`
}

// Criterion is a pass mark.
type Criterion struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Limit float64 `json:"limit"`
	Pass  bool    `json:"pass"`
	Note  string  `json:"note"`
}

// Figure is a row of the table.
type Figure struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
	Pair
	Difference float64 `json:"difference"` // GAN - data, over data
	Sigmas     float64 `json:"sigmas"`     // GAN - data, over its statistical error
}

// Profile is a pair for each position along an axis.
type Profile struct {
	Axis string     `json:"axis"`
	At   [Side]Pair `json:"at"`
	// Chi2 is the mean square of (GAN - data) over its statistical error: about 1
	// when the two differ by chance alone, though positions fluctuate together
	// and it scatters widely.
	Chi2 float64 `json:"chi2"`
}

// Band is the showers near an energy.
type Band struct {
	Energy     float64 `json:"energy"` // centre of a bin, or mean energy of the data in a band
	HalfWidth  float64 `json:"half_width"`
	EventsData int     `json:"events_data"`
	EventsGAN  int     `json:"events_gan"`
	Visible    Pair    `json:"visible"`    // mean sum of all cells
	Fraction   Pair    `json:"fraction"`   // mean of the sum over the primary energy
	Resolution Pair    `json:"resolution"` // standard deviation of that over its mean
	Hits       Pair    `json:"hits"`       // mean number of cells above HitThreshold
	Depth      Pair    `json:"depth"`      // mean of the mean layer
	DepthSD    Pair    `json:"depth_sd"`   // standard deviation of that, from shower to shower
	// Diversity is the mean distance of two showers, sum |a-b| / sum (|a|+|b|),
	// in the data and in the GAN; a GAN that has collapsed makes the same shower
	// again and again.
	DiversityData float64 `json:"diversity_data"`
	DiversityGAN  float64 `json:"diversity_gan"`
}

// Spectrum is the mean number of cells in a shower by their energy.
type Spectrum struct {
	Edges []float64 `json:"edges"` // lower edges; the first is 0, and cells at 0 are not counted
	Cells []Pair    `json:"cells"`
	// Above[i] is the share of all cells above 10^(i-13) GeV: the sparsity.
	Above []Pair `json:"above"`
}
