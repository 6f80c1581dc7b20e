package catalog_test

import (
	"os"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
)

// whole is the catalogue that the site ships.
func whole(b *testing.B) string {
	text, err := os.ReadFile("../../site/generated/catalog/catalog.txt")
	if err != nil {
		b.Fatalf("%v (make inputs writes it)", err)
	}
	return string(text)
}

func load(b *testing.B, text string) *catalog.Catalog {
	c, err := catalog.Load(text)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkLoad(b *testing.B) {
	text := whole(b)
	for b.Loop() {
		load(b, text)
	}
}

func BenchmarkFirstAnswer(b *testing.B) {
	text := whole(b)
	for b.Loop() {
		if load(b, text).Action("s3:GetObject") == nil {
			b.Fatal("there is no s3:GetObject")
		}
	}
}

func BenchmarkTheLargestService(b *testing.B) {
	text := whole(b)
	for b.Loop() {
		b.StopTimer()
		c := load(b, text)
		b.StartTimer()
		if c.Service("ec2") == nil {
			b.Fatal("there is no ec2")
		}
	}
}

func BenchmarkEveryService(b *testing.B) {
	text := whole(b)
	for b.Loop() {
		if load(b, text).Expand("*").Count < 22_000 {
			b.Fatal("too few actions")
		}
	}
}

func BenchmarkExpand(b *testing.B) {
	c := load(b, whole(b))
	c.Expand("*") // decoded before
	for b.Loop() {
		c.Expand("*:Get*")
	}
}
