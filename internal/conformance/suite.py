"""jupyter_kernel_test with samples of Go, over tcp and over socket files."""

import jupyter_kernel_test as jkt
import settings
from jupyter_client.manager import KernelManager

must_fail = [
    "TCP.kernel_info", "TCP.execute_stdout", "TCP.execute_stderr", "TCP.completion", "TCP.is_complete", "TCP.error",
    "TCP.execute_result", "TCP.display_data", "TCP.inspect", "TCP.clear_output",
]


class Samples:
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import (\n\t"fmt"\n\t"os"\n)\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "fals", "matches": {"false"}},
        {"text": "fmt.Printl", "matches": {"Println"}},
        {"text": "ns.FromSam", "matches": {"FromSamples"}},
        {"text": "zzz.", "matches": set()},
    ]
    complete_code_samples = ["x := 1", "func f() int {\n\treturn 1\n}", "// a comment", 'fmt.Println("a")', "for i := range 3 {\n\t_ = i\n}"]
    incomplete_code_samples = ["func f() {", "x := (1 +", "s := `raw", "for i := range 3 {", "import ("]
    invalid_code_samples = ["x := )", "func )", 'var s = "unterminated', "if else"]
    code_generate_error = 'panic("boom")'
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": '"a" + "b"', "result": '"ab"'},
        {"code": "[]int{1, 2}", "result": "[1 2]"},
    ]
    code_display_data = [
        {"code": 'display.HTML("<b>bold</b>")', "mime": "text/html"},
        {"code": 'display.Markdown("*text*")', "mime": "text/markdown"},
        {"code": 'display.SVG("<svg/>")', "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6?7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "fmt.Println"
    code_clear_output = "display.Clear()"
    code_page_something = "fmt.Println?"


def start(transport):
    """A kernel over the given transport, and a client that is ready."""
    manager = KernelManager(kernel_name=settings.kernel, transport=transport)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=settings.patience)
    return manager, client


class TCP(Samples, jkt.KernelTests):
    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start("tcp")


class IPC(Samples, jkt.KernelTests):
    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start("ipc")


class Welcome(jkt.IopubWelcomeTests):
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        cls.kernel_name = settings.kernel
        super().setUpClass()
