package main

import "strconv"

var scenarios []scenario

func init() {
	scenarios = []scenario{
		{"declaration", func(g *gen, _ int) { g.declare() }},
		{"simple statement", func(g *gen, _ int) { g.assign() }},
		{"parallel assignment", parallel},
		{"if", ifStmt},
		{"for loop", forLoop},
		{"labelled loop", labelled},
		{"range", rangeLoop},
		{"range over function", rangeFunc},
		{"switch", switchStmt},
		{"type switch", typeSwitch},
		{"closures in a loop", closures},
		{"defer and recover", deferred},
		{"arrays and slices", arrays},
		{"map", maps},
		{"struct and methods", structs},
		{"embedding and interfaces", embedding},
		{"declared basic type", named},
		{"error type", errorType},
		{"goroutines and channels", channels},
		{"select", selects},
		{"constants", constants},
		{"generic function", generic},
	}
}

func parallel(g *gen, _ int) {
	a, b := g.name("a"), g.name("b")
	t := g.oneOf(numeric...)
	g.p("%s, %s := %s, %s", a, b, g.expr(t, 2), g.expr(t, 1))
	g.vars = append(g.vars, pair{a, t}, pair{b, t})
	g.p("%s, %s = %s, %s", a, b, b, g.expr(t, 2))
	g.p("_ = %s", a)
}

func ifStmt(g *gen, depth int) {
	g.p("if %s {", g.expr("bool", 2))
	g.block(func() { g.stmt(depth - 1) })
	if g.n(2) == 0 {
		g.p("} else {")
		g.block(func() { g.stmt(depth - 1) })
	}
	g.p("}")
}

func forLoop(g *gen, depth int) {
	i := g.name("i")
	g.p("for %s := 0; %s < %d; %s++ {", i, i, 1+g.n(4), i)
	g.block(func() {
		v := g.name("k")
		g.p("%s := %s", v, i)
		g.p("_ = %s", v)
		g.vars = append(g.vars, pair{v, "int"})
		g.stmt(depth - 1)
		if g.n(3) == 0 {
			g.p("if %s { %s }", g.expr("bool", 1), g.oneOf("break", "continue"))
		}
		g.assign()
	})
	g.p("}")
}

func labelled(g *gen, depth int) {
	l, i, j := g.name("L"), g.name("i"), g.name("j")
	g.p("%s:", l)
	g.p("for %s := range %d {", i, 2+g.n(3))
	g.p("\tfor %s := range %d {", j, 2+g.n(3))
	g.indent++
	g.block(func() {
		g.p("if (%s+%s)%%%d == 1 { %s %s }", i, j, 2+g.n(2), g.oneOf("break", "continue"), l)
		g.stmt(depth - 1)
		g.p("fmt.Print(%s, %s, \" \")", i, j)
	})
	g.p("}")
	g.indent--
	g.p("}")
	g.p("fmt.Println()")
}

func rangeLoop(g *gen, depth int) {
	k, v := g.name("k"), g.name("v")
	t := g.oneOf("int", "string", "float64", "uint8")
	switch g.n(3) {
	case 0:
		g.p("for %s, %s := range []%s{%s, %s, %s} {", k, v, t, g.expr(t, 1), g.expr(t, 1), g.expr(t, 1))
	case 1:
		g.p("for %s, %s := range [2]%s{%s, %s} {", k, v, t, g.expr(t, 1), g.expr(t, 1))
	case 2:
		t = "int32"
		g.p("for %s, %s := range %s {", k, v, g.expr("string", 1))
	}
	g.block(func() {
		g.vars = append(g.vars, pair{k, "int"}, pair{v, t})
		g.p("fmt.Print(%s, %s, \" \")", k, v)
		g.stmt(depth - 1)
	})
	g.p("}")
}

func rangeFunc(g *gen, depth int) {
	f, s, v, i := g.name("f"), g.name("seq"), g.name("v"), g.name("i")
	g.p("%s := func(yield func(int) bool) { for %s := range %d { if !yield(%s * %d) { fmt.Print(\"stop \"); return } } }", s, i, 2+g.n(4), i, 1+g.n(5))
	g.p("%s := func() int {", f)
	g.block(func() {
		g.p("for %s := range %s {", v, s)
		g.block(func() {
			g.vars = append(g.vars, pair{v, "int"})
			g.p("if %s == %d { continue }", v, g.n(6))
			g.p("if %s > %d { %s }", v, g.n(12), g.oneOf("break", "return "+v))
			g.stmt(depth - 1)
		})
		g.p("}")
		g.p("return -1")
	})
	g.p("}")
	g.p("fmt.Println(%s())", f)
}

func switchStmt(g *gen, depth int) {
	if g.n(2) == 0 {
		g.p("switch %s & 3 {", g.expr("int", 2))
		for i := range 3 {
			g.p("case %d:", i)
			g.block(func() { g.stmt(depth - 1) })
			if i < 2 && g.n(4) == 0 {
				g.p("\tfallthrough")
			}
		}
	} else {
		g.p("switch {")
		g.p("case %s:", g.expr("bool", 2))
		g.block(func() { g.stmt(depth - 1) })
		g.p("case %s, %s:", g.expr("bool", 1), g.expr("bool", 1))
		g.block(func() { g.stmt(depth - 1) })
	}
	if g.n(2) == 0 {
		g.p("default:")
		g.block(func() { g.stmt(depth - 1) })
	}
	g.p("}")
}

func typeSwitch(g *gen, _ int) {
	t := g.name("T")
	g.dp("type %s_%d %s", t, g.id, g.oneOf("int", "string", "struct{ a, b int }"))
	named := t + "_" + itoa(g.id)
	v, x := g.name("v"), g.name("e")
	zero := "*new(" + named + ")"
	g.p("for _, %s := range []any{%s, %s, %s, nil, %s, []int{1}} {", v, g.expr("int", 1), g.expr("string", 1), zero, g.expr("float64", 1))
	g.p("\tswitch %s := %s.(type) {", x, v)
	g.p("\tcase int:\n\t\tfmt.Print(\"int \", %s+1, \" \")", x)
	g.p("\tcase %s:\n\t\tfmt.Print(\"declared \", %s, \" \", %s == %s, \" \")", named, x, x, zero)
	if g.n(2) == 0 {
		g.p("\tcase string, float64:\n\t\tfmt.Print(\"basic \", %s, \" \")", x)
	}
	g.p("\tcase nil:\n\t\tfmt.Print(\"nil \")")
	g.p("\tdefault:\n\t\tfmt.Printf(\"%%T %%v \", %s, %s)", x, x)
	g.p("\t}")
	g.p("}")
	g.p("fmt.Println()")
}

func closures(g *gen, depth int) {
	fs, i, f := g.name("fs"), g.name("i"), g.name("f")
	g.p("var %s []func() int", fs)
	g.p("for %s := 0; %s < %d; %s++ {", i, i, 2+g.n(3), i)
	g.block(func() {
		v := g.name("c")
		g.p("%s := %s * %d", v, i, 1+g.n(4))
		g.p("%s = append(%s, func() int { %s; return %s + %s })", fs, fs, g.oneOf(v+"++", v+" += "+i, "_ = "+v), v, i)
		if g.n(3) == 0 {
			g.p("%s++", i)
		}
	})
	g.p("}")
	g.p("for _, %s := range %s { fmt.Print(%s(), %s(), \" \") }", f, fs, f, f)
	g.p("fmt.Println()")
	if x := g.anyVar(); isNumeric(x.typ) {
		h := g.name("h")
		g.p("%s := func(n %s) %s { %s += n; return %s }", h, x.typ, x.typ, x.name, x.name)
		g.p("fmt.Println(%s(%s), %s)", h, g.operand(x.typ, 1), x.name)
	}
}

func deferred(g *gen, depth int) {
	f, r, x := g.name("f"), g.name("r"), g.name("x")
	g.p("%s := func() (%s int, err error) {", f, r)
	g.block(func() {
		g.p("%s := %s", x, g.expr("int", 1))
		g.p("defer func() { if e := recover(); e != nil { err = fmt.Errorf(\"caught %%v\", e) }; %s += %d }()", r, g.n(5))
		g.p("for i := range %d { defer func(n int) { %s += n * i }(%s) }", 1+g.n(3), r, x)
		g.p("defer fmt.Println(\"deferred\", %s)", x)
		g.vars = append(g.vars, pair{x, "int"})
		g.stmt(depth - 1)
		g.p("%s++", x)
		switch g.n(3) {
		case 0:
			g.p("if %s { panic(%q) }", g.expr("bool", 1), g.oneOf("boom", "bang"))
		case 1:
			g.p("%s = 10 / (%s & 1)", r, x)
		}
		g.p("return %s, nil", x)
	})
	g.p("}")
	g.p("%s", "if n, err := "+f+"(); err != nil && strings.Contains(err.Error(), \"divide\") { fmt.Println(n, \"division\") } else { fmt.Println(n, err) }")
}

func arrays(g *gen, _ int) {
	a, b, s, u := g.name("a"), g.name("b"), g.name("s"), g.name("u")
	t := g.oneOf("int", "uint8", "string", "float64")
	g.p("%s := [3]%s{%s, %s}", a, t, g.expr(t, 1), g.expr(t, 1))
	g.p("%s := %s", b, a)
	g.p("%s[%d] = %s", b, g.n(3), g.expr(t, 1))
	g.p("%s := append(%s[:%d], %s)", s, a, 1+g.n(2), g.expr(t, 1))
	g.p("%s := append([]%s(nil), %s...)", u, t, s)
	g.p("%s[0], %s[1] = %s[1], %s[0]", s, s, s, s)
	g.p("%s = append(%s[:1], %s...)", u, u, u)
	g.p("copy(%s[1:], %s)", u, s)
	g.p("fmt.Println(%s, %s, %s, %s, %s == %s, len(%s), cap(%s))", a, b, s, u, a, b, s, s)
}

func maps(g *gen, _ int) {
	m, k := g.name("m"), g.name("k")
	kt, vt := g.oneOf("int", "string", "[2]int", "any"), g.oneOf("int", "string", "float64")
	key := func() string {
		switch kt {
		case "[2]int":
			return "[2]int{" + g.expr("int", 1) + ", 1}"
		case "any":
			return g.oneOf("any("+g.expr("int", 1)+")", "any("+g.expr("string", 1)+")")
		}
		return g.expr(kt, 1)
	}
	g.p("%s := map[%s]%s{}", m, kt, vt)
	for range 2 + g.n(3) {
		g.p("%s[%s] += %s", m, key(), g.expr(vt, 1))
	}
	g.p("delete(%s, %s)", m, key())
	g.p("if v, ok := %s[%s]; ok { fmt.Print(\"found \", v, \" \") }", m, key())
	g.p("n%s := 0", k)
	g.p("for %s := range %s { n%s += len(fmt.Sprint(%s, %s[%s])) }", k, m, k, k, m, k)
	if kt == "any" { // fmt prints keys of different types in no certain order
		g.p("fmt.Println(len(%s), n%s)", m, k)
		return
	}
	g.p("fmt.Println(len(%s), n%s, %s)", m, k, m)
}

func structs(g *gen, _ int) {
	t := g.name("S") + "_" + itoa(g.id)
	ft := g.oneOf("int", "uint8", "float64", "string")
	g.dp("type %s struct {\n\ta %s\n\tB []int\n\tp *%s\n}", t, ft, t)
	g.dp("func (s %s) Get() %s { return s.a }", t, ft)
	g.dp("func (s *%s) Set(v %s) *%s { s.a = v; s.B = append(s.B, len(s.B)); return s }", t, ft, t)
	x, y, f := g.name("s"), g.name("s"), g.name("f")
	g.p("%s := %s{a: %s}", x, t, g.expr(ft, 1))
	g.p("%s := %s", y, x)
	g.p("%s := %s.Get", f, x)
	g.p("%s.Set(%s).Set(%s)", x, g.expr(ft, 1), g.expr(ft, 1))
	g.p("%s.p = &%s", y, x)
	g.p("%s.p.a = %s", y, g.expr(ft, 1))
	g.p("fmt.Println(%s.Get(), %s.a, %s(), %s.p.Get(), %s.B, %s.B == nil)", x, y, f, y, x, y)
	g.p("fmt.Printf(\"%%v %%+v %%T\\n\", %s{a: %s}, %s{B: []int{1}}, &%s)", t, g.expr(ft, 1), t, x)
}

func embedding(g *gen, _ int) {
	t := g.name("E") + "_" + itoa(g.id)
	g.dp("type %sBase struct{ n int }", t)
	g.dp("func (b %sBase) N() int { return b.n }", t)
	g.dp("func (b *%sBase) Inc(k int) { b.n += k }", t)
	star := g.oneOf("", "*")
	g.dp("type %s struct {\n\t%s%sBase\n\tname string\n}", t, star, t)
	g.dp("type %sI interface {\n\tN() int\n\tInc(int)\n}", t)
	g.dp("type %sO int", t)
	g.dp("func (o *%sO) Inc(k int) { *o += %sO(k) }", t, t)
	g.dp("func (o %sO) N() int { return int(o) * 2 }", t)
	x, i, o := g.name("e"), g.name("i"), g.name("o")
	amp := ""
	if star == "*" {
		amp = "&"
	}
	g.p("%s := &%s{%s%sBase{%s}, %s}", x, t, amp, t, g.expr("int", 1), g.expr("string", 1))
	g.p("%s := %sO(%s)", o, t, g.expr("int", 1))
	g.p("for _, %s := range []%sI{%s, &%s} {", i, t, x, o)
	g.p("\t%s.Inc(%s)", i, g.expr("int", 1))
	g.p("\t_, ok := %s.(*%s)", i, t)
	g.p("\tfmt.Print(%s.N(), ok, \" \")", i)
	g.p("}")
	g.p("fmt.Println(%s.n, %s.name, %s, %s.N())", x, x, o, o)
}

func named(g *gen, _ int) {
	t := g.name("N") + "_" + itoa(g.id)
	u := g.oneOf("int", "uint8", "float64", "string")
	g.dp("type %s %s", t, u)
	g.dp("func (n %s) String() string { return fmt.Sprint(\"<\", %s(n), \">\") }", t, u)
	x := g.name("n")
	g.p("%s := %s(%s)", x, t, g.expr(u, 2))
	g.p("fmt.Println(%s, []%s{%s}, map[string]%s{\"k\": %s}, struct{ F %s }{%s})", x, t, x, t, x, t, x)
	g.p("{\n\t\tvar a, b any = %s, %s(%s)\n\t\t_, ok := a.(%s)\n\t\tfmt.Printf(\"%%v %%T %%v %%v\\n\", a == b, a, ok, b)\n\t}", x, u, x, u)
}

func errorType(g *gen, _ int) {
	t := g.name("Err") + "_" + itoa(g.id)
	recv := g.oneOf("", "*")
	g.dp("type %s struct{ code int; err error }", t)
	g.dp("func (e %s%s) Error() string { return fmt.Sprint(\"code \", e.code) }", recv, t)
	g.dp("func (e %s%s) Unwrap() error { return e.err }", recv, t)
	amp := ""
	if recv == "*" {
		amp = "&"
	}
	e, w, v := g.name("err"), g.name("err"), g.name("t")
	g.p("var %s error = %s%s{%s, errors.New(\"inner\")}", e, amp, t, g.expr("int", 1))
	g.p("%s := fmt.Errorf(\"wrapped: %%w\", %s)", w, e)
	g.p("var %s %s%s", v, recv, t)
	g.p("fmt.Println(%s, errors.As(%s, &%s), errors.Is(%s, %s), %s.code, errors.Unwrap(errors.Unwrap(%s)))", w, w, v, w, e, v, w)
	g.p("switch e := %s.(type) {\n\tcase nil:\n\t\tfmt.Println(\"nil\")\n\tcase %s%s:\n\t\tfmt.Println(\"own\", e.code)\n\tdefault:\n\t\tfmt.Println(\"other\")\n\t}", g.oneOf(e, w), recv, t)
}

func channels(g *gen, _ int) {
	c, wg, mu := g.name("c"), g.name("wg"), g.name("sum")
	t := g.oneOf("int", "uint8", "float64")
	n := 2 + g.n(4)
	g.p("%s := make(chan %s, %d)", c, t, g.n(3))
	g.p("var %s sync.WaitGroup", wg)
	g.p("for i := range %d {", n)
	g.p("\t%s.Add(1)", wg)
	g.p("\tgo func(k %s) { defer %s.Done(); %s <- k * %s(i+1) }(%s(i + %d))", t, wg, c, t, t, g.n(5))
	g.p("}")
	g.p("go func() { %s.Wait(); close(%s) }()", wg, c)
	g.p("var %s %s", mu, t)
	g.p("for v := range %s { %s += v }", c, mu)
	g.p("_, ok%s := <-%s", c, c)
	g.p("fmt.Println(%s, ok%s)", mu, c)
}

func selects(g *gen, _ int) {
	a, b := g.name("a"), g.name("b")
	g.p("%s, %s := make(chan int, 2), make(chan string, 1)", a, b)
	if g.n(2) == 0 {
		g.p("%s <- %s", a, g.expr("int", 1))
	} else {
		g.p("%s <- %s", b, g.expr("string", 1))
	}
	g.p("for range 2 {")
	g.p("\tselect {")
	g.p("\tcase v, ok := <-%s:\n\t\tfmt.Print(\"a\", v, ok, \" \")", a)
	g.p("\tcase v := <-%s:\n\t\tfmt.Print(\"b\", v, \" \")", b)
	g.p("\tdefault:\n\t\tfmt.Print(\"none \")")
	g.p("\t}")
	g.p("}")
	g.p("fmt.Println(len(%s), len(%s))", a, b)
}

func constants(g *gen, _ int) {
	c, d := g.name("C"), g.name("D")
	g.p("const %s = %d << %d", c, 1+g.n(9), g.n(20))
	g.p("const (\n\t\t%s0 = iota * %d\n\t\t%s1\n\t\t%s2 float64 = %s / %d\n\t)", d, 1+g.n(7), d, d, c, 1+g.n(9))
	g.p("var v%s uint8 = %s %% 200", c, c)
	g.p("fmt.Println(%s, %s0, %s1, %s2, v%s, %s>>1, %s/3.0, -%s%%7, %q[%s0&1:])", c, d, d, d, c, c, c, c, "text", d)
}

func generic(g *gen, _ int) {
	f := g.name("F") + "_" + itoa(g.id)
	op := g.oneOf("s += x", "s = s*2 + x", "if x > s { s = x }")
	g.dp("func %s[T int | uint8 | float64 | int64](xs ...T) (s T) {\n\tfor _, x := range xs {\n\t\t%s\n\t}\n\treturn s\n}", f, op)
	t, u := g.oneOf("int", "uint8", "float64"), g.oneOf("int64", "float64", "int")
	g.p("fmt.Println(%s(%s, %s), %s[%s]())", f, g.expr(t, 1), g.expr(t, 2), f, u)
	g.p("fmt.Println(%s([]%s{%s, %s}...))", f, u, g.expr(u, 1), g.expr(u, 1))
}

func itoa(n int) string { return strconv.Itoa(n) }
