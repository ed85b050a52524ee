"""What people complain about in other kernels: lost state, output of the wrong
cell, interrupts that do not work, a kernel that dies of what a cell does."""

import os
import statistics
import time

import settings
from protocol import Run, WithKernel

must_fail = [
    "Cells.survives", "Cells.output_of_goroutines_stays_with_its_cell", "Cells.streams_keep_their_order", "Cells.large_outputs", "Cells.unicode",
    "Cells.silent_and_uncounted", "Cells.user_expressions", "Cells.redefinition",
]

blocked = {
    "a loop": "for {\n}",
    "a nested loop": "func() {\n\tfor i := 0; ; i++ {\n\t\tfor range 10 {\n\t\t}\n\t}\n}()",
    "sleep": "time.Sleep(time.Hour)",
    "receive": "<-make(chan int)",
    "send": "make(chan int) <- 1",
    "select": "select {}",
    "select of two": "select {\ncase <-make(chan int):\ncase <-make(chan string):\n}",
    "range over a channel": "for range make(chan int) {\n}",
    "wait group": "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
    "mutex": "var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
    "input": "var s string\nfmt.Scanln(&s)",
    "recovering loop": "func() {\n\tfor {\n\t\tfunc() {\n\t\t\tdefer func() { recover() }()\n\t\t\tfor {\n\t\t\t}\n\t\t}()\n\t}\n}()",
    "printing": 'for {\n\tfmt.Println("x")\n}',
    "goroutines": "for range 4 {\n\tgo func() {\n\t\tfor {\n\t\t}\n\t}()\n}\nselect {}",
}

fatal = {
    "panic": 'panic("boom")',
    "nil pointer": "var p *struct{ x int }\np.x = 1",
    "index": "a := []int{1}\ni := 5\na[i]",
    "nil map": "var m map[string]int\nm[\"a\"] = 1",
    "division": "zero := 0\n1 / zero",
    "panic in a goroutine": 'go func() { panic("in the background") }()\ntime.Sleep(100 * time.Millisecond)',
    "endless recursion": "func down(n int) int { return down(n+1) + 1 }\ndown(0)",
    "exit": "os.Exit(3)",
    "log.Fatal": 'log.Fatal("the end")',
    "compile error": "undefinedName + 1",
    "syntax error": "for {",
    "closed channel": "c := make(chan int)\nclose(c)\nclose(c)",
    "type assertion": 'var v any = "s"\nv.(int)',
    "negative size": "n := -1\nmake([]int, n)",
    "runtime.Goexit": "runtime.Goexit()",
}


class Cells(WithKernel):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_cell('import (\n\t"log"\n\t"os"\n\t"runtime"\n\t"sync"\n)\nkept := []string{"kept"}')

    def cpu_time(self):
        """Seconds that the kernel has computed so far."""
        with open(f"/proc/{self.pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wants_state(self):
        run = self.run_cell("kept[0]")
        self.assertEqual((run.status, run.result()), ("ok", '"kept"'))

    def test_interrupt_of_what_blocks(self):
        times = {}
        for name, code in blocked.items():
            with self.subTest(name):
                run = Run(self.kc, code, allow_stdin=True).running()
                time.sleep(0.1)
                began = time.monotonic()
                self.km.interrupt_kernel()
                run.finish()
                times[name] = 1e3 * (time.monotonic() - began)
                self.assertEqual(run.status, "error")
                self.assertLess(times[name], 1000, "ms")
                self.wants_state()
        busy = self.cpu_time()
        time.sleep(1)
        self.assertLess(self.cpu_time() - busy, 0.1, "seconds of processor time in one second after all interrupts")
        worst = max(times, key=times.get)
        settings.measure(f"interrupt of {len(times)} kinds of blocked cells: median {statistics.median(times.values()):.1f} ms, "
                         f"worst {times[worst]:.1f} ms ({worst})")

    def test_survives(self):
        for name, code in fatal.items():
            with self.subTest(name):
                run = self.run_cell(code)
                if name != "panic in a goroutine" and name != "runtime.Goexit":
                    self.assertEqual(run.status, "error")
                self.assertTrue(self.km.is_alive(), "the kernel has died")
                self.wants_state()

    def test_million_lines(self):
        took, messages = self.lines(1_000_000)
        settings.measure(f"1,000,000 printed lines: {took:.2f} s in {messages} messages")

    def test_output_of_goroutines_stays_with_its_cell(self):
        first = Run(self.kc, 'go func() {\n\ttime.Sleep(300 * time.Millisecond)\n\tfmt.Println("from the first cell")\n}()').finish()
        second = Run(self.kc, 'time.Sleep(time.Second)\nfmt.Println("from the second cell")')
        texts, idle = {}, False
        while not idle:
            msg = self.kc.get_iopub_msg(timeout=settings.patience)
            parent = msg["parent_header"].get("msg_id")
            if msg["msg_type"] == "stream":
                texts[parent] = texts.get(parent, "") + msg["content"]["text"]
            idle = parent == second.id and msg["content"].get("execution_state") == "idle"
        self.assertEqual(texts, {first.id: "from the first cell\n", second.id: "from the second cell\n"})
        self.kc.get_shell_msg(timeout=settings.patience)

    def test_streams_keep_their_order(self):
        run = self.run_cell('for i := range 3 {\n\tfmt.Println("out", i)\n\tfmt.Fprintln(os.Stderr, "err", i)\n}')
        self.assertEqual((run.text("stdout"), run.text("stderr")), ("out 0\nout 1\nout 2\n", "err 0\nerr 1\nerr 2\n"))

    def test_large_outputs(self):
        size = 30 << 20
        began = time.monotonic()
        run = self.run_cell(f'display.HTML(strings.Repeat("x", {size}))')
        shown = [m["content"]["data"]["text/html"] for m in run.outputs if m["msg_type"] == "display_data"]
        self.assertEqual([len(s) for s in shown], [size])
        settings.measure(f"display of 30 MiB: {time.monotonic() - began:.2f} s")

    def test_large_cell(self):
        run = self.run_cell("// " + "x" * (5 << 20) + "\n40 + 2")
        self.assertEqual((run.status, run.result()), ("ok", "42"))

    def test_unicode(self):
        run = self.run_cell('s := "żółć 🐭"\nfmt.Print(s)\ns')
        self.assertEqual((run.text(), run.result()), ("żółć 🐭", '"żółć 🐭"'))
        code = 's = "🐭🐭"; fmt.Printl'
        self.kc.complete(code)
        reply = self.kc.get_shell_msg(timeout=settings.patience)["content"]
        self.assertEqual((reply["cursor_start"], reply["cursor_end"]), (len(code) - len("Printl"), len(code)))

    def test_silent_and_uncounted(self):
        count = self.run_cell("1").reply["content"]["execution_count"]
        run = self.run_cell("fmt.Println(1)\n2", silent=True)
        self.assertEqual({m["msg_type"] for m in run.outputs} - {"stream"}, {"status"})
        run = self.run_cell("3", store_history=False)
        self.assertEqual(run.result(), "3")
        self.assertEqual(self.run_cell("4").reply["content"]["execution_count"], count + 1)

    def test_user_expressions(self):
        run = self.run_cell("five := 5", user_expressions={"good": "five * 2", "bad": "nothing"})
        values = run.reply["content"]["user_expressions"]
        self.assertEqual((values["good"]["status"], values["good"]["data"]["text/plain"]), ("ok", "10"))
        self.assertEqual(values["bad"]["status"], "error")

    def test_redefinition(self):
        self.run_cell("type point struct{ x int }\nfunc (p point) double() int { return 2 * p.x }\nfunc twice(n int) int { return 2 * n }")
        self.assertEqual(self.run_cell("point{3}.double() + twice(4)").result(), "14")
        self.run_cell("func twice(n int) int { return 20 * n }")
        self.assertEqual(self.run_cell("twice(4)").result(), "80")
        self.assertEqual(self.run_cell("type point struct{ x, y string }\npoint{\"a\", \"b\"}.y").result(), '"b"')
