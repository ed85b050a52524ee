package plot

import (
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Save writes the figure to a file whose extension tells the format: .png (300
// dots per inch), .svg or .pdf. The file appears complete or not at all; one
// that exists is replaced.
func (f *Figure) Save(path string) error {
	const op = "Figure.Save"
	a, err := f.arranged(op)
	if err != nil {
		return err
	}
	paint := func(c vg.CanvasSizer) { f.drawOn(c, a) }
	var data []byte
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".png":
		data, err = renderPNG(op, a.size, printDPI, paint)
	case ".svg":
		data, err = renderSVG(op, a.size, paint)
	case ".pdf":
		data, err = renderPDF(op, a.size, paint)
	case "":
		return invalid(op, "path", "add .png, .svg or .pdf", "%q has no extension to tell the format", path)
	default:
		return invalid(op, "path", "use .png, .svg or .pdf", "%q has the unknown extension %q", path, ext)
	}
	if err != nil {
		return err
	}
	if err := writeFile(path, data); err != nil {
		return &Error{Op: op, Arg: "path", Kind: err, What: "cannot be written: " + err.Error(),
			Fix: "check that the folder exists and may be written to"}
	}
	return nil
}

// writeFile writes data beside path first and then renames it, so that no
// reader sees half a file.
func writeFile(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(data)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil { // a temporary file is private
		return err
	}
	return os.Rename(tmp.Name(), path)
}
