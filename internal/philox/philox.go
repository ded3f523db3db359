package philox

// The constants of Salmon et al., table 2 and section 4.3: two odd multipliers
// chosen for avalanche, and the Weyl increments (golden ratio, sqrt(3)-1) that
// make the round keys.
const (
	mul0  = 0xD2511F53
	mul1  = 0xCD9E8D57
	weyl0 = 0x9E3779B9
	weyl1 = 0xBB67AE85

	rounds = 10
)

// Block returns the 128 random bits that belong to key and ctr: Philox4x32 with
// ten rounds. For a fixed key it is a bijection of the counter.
func Block(key [2]uint32, ctr [4]uint32) [4]uint32 {
	w0, w1, w2, w3 := block(key[0], key[1], ctr[0], ctr[1], ctr[2], ctr[3])
	return [4]uint32{w0, w1, w2, w3}
}

// RoundKeys are the keys of all rounds, two words each: what a kernel that does many
// blocks at once needs of a key.
func RoundKeys(key [2]uint32) (keys [2 * rounds]uint32) {
	for r := range uint32(rounds) {
		keys[2*r], keys[2*r+1] = key[0]+r*weyl0, key[1]+r*weyl1
	}
	return keys
}

// block takes and returns words in registers: an array is stored word by word and
// read back as one vector, and that stall doubled the time of Stream.Uint32. The
// brackets keep the round key off the critical path.
func block(k0, k1, c0, c1, c2, c3 uint32) (w0, w1, w2, w3 uint32) {
	for range rounds {
		p0 := uint64(mul0) * uint64(c0)
		p1 := uint64(mul1) * uint64(c2)
		c0, c2 = uint32(p1>>32)^(c1^k0), uint32(p0>>32)^(c3^k1)
		c1, c3 = uint32(p1), uint32(p0)
		k0 += weyl0
		k1 += weyl1
	}
	return c0, c1, c2, c3
}
