package delaunay

import (
	"math"
	"math/big"
)

// underflow is added to bounds of rounding: below it products may have lost digits.
const underflow = 1e-290

// orient returns a positive number if a, b, c turn left, a negative one if they turn right, and 0 if they lie on
// one line, exactly: where rounding could decide, rational numbers do.
func orient(a, b, c [2]float64) float64 {
	left := float64((a[0] - c[0]) * (b[1] - c[1])) // the conversions forbid fused operations
	right := float64((a[1] - c[1]) * (b[0] - c[0]))
	det := left - right
	const bound = 4e-16 // Shewchuk's (3 + 16ε)ε, rounded up
	if limit := bound*(math.Abs(left)+math.Abs(right)) + underflow; det > limit || -det > limit {
		return det
	}
	acx, acy := difference(a[0], c[0]), difference(a[1], c[1])
	bcx, bcy := difference(b[0], c[0]), difference(b[1], c[1])
	exact := new(big.Rat).Mul(acx, bcy)
	return float64(exact.Cmp(new(big.Rat).Mul(acy, bcx)))
}

// inCircle returns a positive number if d lies inside the circle through a, b, c, which turn left, a negative one
// if it lies outside and 0 if it lies on it, exactly.
func inCircle(a, b, c, d [2]float64) float64 {
	adx, ady := a[0]-d[0], a[1]-d[1]
	bdx, bdy := b[0]-d[0], b[1]-d[1]
	cdx, cdy := c[0]-d[0], c[1]-d[1]
	bc, ca, ab := bdx*cdy-cdx*bdy, cdx*ady-adx*cdy, adx*bdy-bdx*ady
	al, bl, cl := adx*adx+ady*ady, bdx*bdx+bdy*bdy, cdx*cdx+cdy*cdy
	det := al*bc + bl*ca + cl*ab
	size := al*(math.Abs(bdx*cdy)+math.Abs(cdx*bdy)) +
		bl*(math.Abs(cdx*ady)+math.Abs(adx*cdy)) +
		cl*(math.Abs(adx*bdy)+math.Abs(bdx*ady))
	const bound = 1.2e-15 // Shewchuk's (10 + 96ε)ε, rounded up
	if limit := bound*size + underflow; det > limit || -det > limit {
		return det
	}
	return exactInCircle(a, b, c, d)
}

func exactInCircle(a, b, c, d [2]float64) float64 {
	var dx, dy, lift [3]*big.Rat
	for k, p := range [][2]float64{a, b, c} {
		dx[k], dy[k] = difference(p[0], d[0]), difference(p[1], d[1])
		lift[k] = sum(product(dx[k], dx[k]), product(dy[k], dy[k]))
	}
	det := new(big.Rat)
	for k := range 3 {
		i, j := (k+1)%3, (k+2)%3
		cross := new(big.Rat).Sub(product(dx[i], dy[j]), product(dx[j], dy[i]))
		det.Add(det, product(lift[k], cross))
	}
	return float64(det.Sign())
}

func difference(a, b float64) *big.Rat {
	return new(big.Rat).Sub(new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b))
}

func product(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func sum(a, b *big.Rat) *big.Rat     { return new(big.Rat).Add(a, b) }
