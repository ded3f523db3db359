//go:build !linux

package ops

type mask struct{}

func yieldThread() {}

func pin(int)            {}
func pinCaller(int) mask { return mask{} }
func unpinCaller(*mask)  {}
