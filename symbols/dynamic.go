package symbols

import (
	"bufio"
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
)

// dynamicTypes tells the interpreter where the library looks at the dynamic type
// of an argument: functions of any whose argument may implement one of some
// interfaces, and wrappers of an interface whose value may have more methods.
// The interpreter finds a function by the reflect.Value of its symbol.
func dynamicTypes(library map[string]map[string]reflect.Value) map[reflect.Value][]reflect.Type {
	m := map[reflect.Value][]reflect.Type{}
	put := func(key string, names []string, ifaces ...reflect.Type) {
		for _, n := range names {
			m[library[key][n]] = ifaces
		}
	}
	printed := []reflect.Type{reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[fmt.Stringer]()}
	put("fmt/fmt", []string{"Append", "Appendf", "Appendln", "Errorf", "Fprint", "Fprintf", "Fprintln",
		"Print", "Printf", "Println", "Sprint", "Sprintf", "Sprintln"}, printed...)
	put("log/log", []string{"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Print", "Printf", "Println"}, printed...)
	put("fmt/fmt", []string{"Fscan", "Fscanf", "Fscanln", "Scan", "Scanf", "Scanln", "Sscan", "Sscanf", "Sscanln"},
		reflect.TypeFor[fmt.Scanner]())
	text, unText := reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()
	put("encoding/json/json", []string{"Marshal", "MarshalIndent"}, reflect.TypeFor[json.Marshaler](), text)
	put("encoding/json/json", []string{"Unmarshal"}, reflect.TypeFor[json.Unmarshaler](), unText)
	put("encoding/xml/xml", []string{"Marshal", "MarshalIndent"}, reflect.TypeFor[xml.Marshaler](), text)
	put("encoding/xml/xml", []string{"Unmarshal"}, reflect.TypeFor[xml.Unmarshaler](), unText)

	// From the most demanding wrapper to the least, as the interpreter tries them.
	m[library["net/http/http"]["_ResponseWriter"]] = []reflect.Type{reflect.TypeFor[hijackableResponse]()}
	m[library["io/io"]["_Reader"]] = []reflect.Type{reflect.TypeFor[writingReader]()}
	m[library["io/io"]["_Writer"]] = []reflect.Type{reflect.TypeFor[readingWriter]()}
	return m
}

// hijackableResponse carries an interpreted http.ResponseWriter that is also an
// http.Hijacker.
type hijackableResponse struct {
	IValue       any
	WHeader      func() http.Header
	WWrite       func([]byte) (int, error)
	WWriteHeader func(int)
	WHijack      func() (net.Conn, *bufio.ReadWriter, error)
}

func (w hijackableResponse) Header() http.Header                          { return w.WHeader() }
func (w hijackableResponse) Write(p []byte) (int, error)                  { return w.WWrite(p) }
func (w hijackableResponse) WriteHeader(code int)                         { w.WWriteHeader(code) }
func (w hijackableResponse) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.WHijack() }

// writingReader carries an interpreted io.Reader that is also an io.WriterTo,
// which io.Copy prefers.
type writingReader struct {
	IValue   any
	WRead    func([]byte) (int, error)
	WWriteTo func(io.Writer) (int64, error)
}

func (w writingReader) Read(p []byte) (int, error)          { return w.WRead(p) }
func (w writingReader) WriteTo(to io.Writer) (int64, error) { return w.WWriteTo(to) }

// readingWriter carries an interpreted io.Writer that is also an io.ReaderFrom,
// which io.Copy prefers.
type readingWriter struct {
	IValue    any
	WWrite    func([]byte) (int, error)
	WReadFrom func(io.Reader) (int64, error)
}

func (w readingWriter) Write(p []byte) (int, error)         { return w.WWrite(p) }
func (w readingWriter) ReadFrom(r io.Reader) (int64, error) { return w.WReadFrom(r) }
