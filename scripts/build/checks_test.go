package main

import (
	"encoding/json"
	"testing"

	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/lint"
	"os"
	"path/filepath"
)

func TestEveryCheckOfThePageFindsSomethingInItsExample(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("../..", generated, "catalog", "catalog.txt"))
	if err != nil {
		t.Fatalf("%v (make inputs makes it)", err)
	}
	c, err := catalog.Load(string(text))
	if err != nil {
		t.Fatal(err)
	}
	list, err := checked(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(lint.Checks()) {
		t.Errorf("%d on the page, expected %d", len(list), len(lint.Checks()))
	}
	for _, one := range list {
		if one.What == "" || one.Finding.End > len(one.Text) {
			t.Errorf("%s: %q, %+v", one.Check.Code, one.What, one.Finding)
		}
	}
}

func TestShortListsStandOnOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  \"a\": [\n    \"b\",\n    \"c\"\n  ]\n}":  "{\n  \"a\": [\"b\", \"c\"]\n}",
		"{\n  \"a\": [\n    \"b\"\n  ],\n  \"d\": 1\n}": "{\n  \"a\": [\"b\"],\n  \"d\": 1\n}",
		"[\n  {\n    \"a\": 1\n  }\n]":                  "[\n  {\n    \"a\": 1\n  }\n]",
		"[\n  \"a\",\n  1\n]":                           "[\n  \"a\",\n  1\n]",
	} {
		got := joined(text)
		if got != want || json.Valid([]byte(text)) && !json.Valid([]byte(got)) {
			t.Errorf("%s\nexpected %s", got, want)
		}
	}
}
