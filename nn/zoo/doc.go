// Package zoo declares published networks: functions from handles to handles and
// nothing else, to be built, applied, cut and changed like one's own.
//
//	g := nn.New("generator")
//	shower := zoo.EnergyGenerator(g.Vec("z", zoo.EnergyLatent))
//	net, err := g.Output("shower", shower).Build()
//
// Each says where it was published, and its tests hold it to the published shapes,
// parameters and multiply-adds.
package zoo
