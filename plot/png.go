package plot

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
)

// withResolution inserts a pHYs chunk, which gives the dots per metre, behind
// the header of a PNG file.
func withResolution(file []byte, dpi int) []byte {
	const header = 8 + 25 // signature and IHDR, which has a fixed size
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	body := []byte("pHYs")
	body = binary.BigEndian.AppendUint32(body, perMetre)
	body = binary.BigEndian.AppendUint32(body, perMetre)
	body = append(body, 1) // the unit is the metre
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	return slices.Insert(file, header, chunk...)
}
