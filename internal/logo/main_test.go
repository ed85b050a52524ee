package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed files are what the program draws; PNGs are compared by pixels,
// because encoders may change.
func TestFilesAreCurrent(t *testing.T) {
	files, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", "install", "assets", name))
		if err != nil {
			t.Fatal(err)
		}
		if !same(t, name, got, want) {
			t.Errorf("%s is not what this program draws: run go generate ./install", name)
		}
	}
}

func TestComparisonSeesADifference(t *testing.T) {
	files, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	var blank bytes.Buffer
	png.Encode(&blank, img)
	if same(t, "logo-32x32.png", blank.Bytes(), files["logo-32x32.png"]) || same(t, "x.svg", nil, files["logo-svg.svg"]) {
		t.Error("a blank logo passes")
	}
}

func same(t *testing.T, name string, got, want []byte) bool {
	t.Helper()
	if !strings.HasSuffix(name, ".png") {
		return bytes.Equal(got, want)
	}
	return bytes.Equal(pixels(t, got), pixels(t, want))
}

func pixels(t *testing.T, data []byte) []uint8 {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	flat, ok := img.(*image.NRGBA)
	if !ok {
		t.Fatalf("image is %T", img)
	}
	return flat.Pix
}
