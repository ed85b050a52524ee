package kernel_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// benchmarkCell measures the way of a cell from the request to its idle, with
// a client that only looks for the word idle.
func benchmarkCell(b *testing.B, link func(*kerneltest.Kernel) (kerneltest.Link, kernel.ConnectionFile), code string, change ...func(*kernel.Config)) {
	k := kerneltest.Start(b, kerneltest.NewInterpreter(), change...)
	l, c := link(k)
	defer l.Close()
	if err := l.Subscribe(""); err != nil {
		b.Fatal(err)
	}
	signer := kerneltest.NewClient(b, k.Wire().Dial("signer"), c, true)
	await := func(part string) (messages int) {
		for {
			_, frames, err := l.Recv()
			if err != nil {
				b.Fatal(err)
			}
			messages++
			if strings.Contains(string(frames[len(frames)-1]), part) {
				return messages
			}
		}
	}
	await(`"subscription"`)
	messages := 0
	for b.Loop() {
		if err := l.Send(kernel.Shell, signer.Frames(kerneltest.Message{
			Header: signer.NewHeader("execute_request"), Content: kerneltest.Fields{"code": code, "store_history": false},
		})); err != nil {
			b.Fatal(err)
		}
		messages = await(`"idle"`)
	}
	b.ReportMetric(float64(messages), "messages/op")
}

func overWire(k *kerneltest.Kernel) (kerneltest.Link, kernel.ConnectionFile) {
	return k.Wire().Dial("benchmark"), kerneltest.Connection
}

func BenchmarkCellWire(b *testing.B) { benchmarkCell(b, overWire, "result 2") }

func BenchmarkLinesWire(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkCell(b, overWire, fmt.Sprint("lines ", n)) })
	}
}

func BenchmarkCellTCP(b *testing.B) { benchmarkTCP(b, "result 2") }

func BenchmarkLinesTCP(b *testing.B) {
	b.Run("100000", func(b *testing.B) { benchmarkTCP(b, "lines 100000") })
}

func benchmarkTCP(b *testing.B, code string) {
	c := connection(b, "tcp")
	benchmarkCell(b, func(*kerneltest.Kernel) (kerneltest.Link, kernel.ConnectionFile) {
		return dialZMQ(b, c, "benchmark"), c
	}, code, func(cfg *kernel.Config) { cfg.Connection, cfg.Listen = c, kernel.ListenZMQ })
}
