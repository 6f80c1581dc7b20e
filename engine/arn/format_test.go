package arn

import (
	"strings"
	"testing"
)

func TestFormatsOfARNs(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b/k/l",
			"Partition=aws BucketName=b ObjectName=k/l"},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b", ""},
		{"arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::/k", ""},
		{"arn:${Partition}:s3:::${BucketName}", "arn:aws:s3:eu-west-1::b", ""},
		{"arn:${Partition}:a:${Region}:${Account}:x/${X}/y", "arn:aws:a:r:1:x/1/y/y",
			"Partition=aws Region=r Account=1 X=1/y"},
		{"arn:${Partition}:a:${Region}:${Account}:x/${X}/y", "arn:aws:a:r:1:x//y", ""},
		{"arn:${Partition}:a:${Region}:${Account}:${A}/${B}/${C}/${D}", "arn:aws:a:r:1:api/prod/GET/",
			"Partition=aws Region=r Account=1 A=api B=prod C=GET D="},
		{"arn:${Partition}:a:::*/x", "arn:aws:a:::1/x", "Partition=aws *=1"},
		{"arn:${Partition}:a:::root", "arn:aws:a:::root", "Partition=aws"},
		{"arn:${Partition}:a:::root", "arn:aws:a:::roots", ""},
		{"*", "arn:aws:a:::roots", ""},
		{"${A}", "arn:aws:a:::roots", ""},
		{"arn:${Partition}:a:::${A${B}", "arn:aws:a:::x", "Partition=aws A${B=x"},
		{"arn:${Partition}:a:${Region}:${Account}:x", "arn:aws:a:r:1:2:x", ""},
		{"arn:${Partition}:a:${Region}:${Account}:x", "arn:aws:b:a:r:1:x", ""},
		{"arn:${Partition}:a:${Region}:${Account}:x", "arn:aws:a:::x", "Partition=aws Region= Account="},
		{"arn:${Partition}:a:::${A", "arn:aws:a:::x", "Partition=aws A=x"},
		{"arn:${Partition}:a:::${A}${B}", "arn:aws:a:::xyz", "Partition=aws A=x B=yz"},
		{"arn:${Partition}:a:::root", "arn:aws", ""},
	} {
		f := Format(c.format)
		values, ok := f.Match(c.text)
		var got []string
		for _, v := range values {
			got = append(got, v.Name+"="+v.Text)
		}
		if text := strings.Join(got, " "); ok != (c.want != "") || ok && text != c.want {
			t.Errorf("%s as %s: %q, %v, expected %q", c.text, c.format, text, ok, c.want)
		}
		if text, left := f.Fill(values); ok && !strings.HasSuffix(c.format, "${A") && (text != c.text || left != 0) {
			t.Errorf("%s is filled to %s with %d left", c.text, text, left)
		}
	}
}

func FuzzWhatAFormatMatchesIsWhatItIsFilledTo(f *testing.F) {
	f.Add("arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::b/k/l")
	f.Add("arn:${Partition}:a:::*/x", "arn:aws:a:::1/x")
	f.Fuzz(func(t *testing.T, format, text string) {
		made := Format(format)
		values, ok := made.Match(text)
		seen := map[string]bool{}
		for _, v := range values {
			if seen[v.Name] {
				return // the first value stands for both
			}
			seen[v.Name] = true
		}
		if !ok || strings.Contains(format, "*") || strings.Contains(format, "${}") ||
			strings.Count(format, "${") != strings.Count(format, "}") {
			return
		}
		if got, left := made.Fill(values); got != text || left != 0 {
			t.Errorf("%q matches %q, and is filled to %q with %d left", format, text, got, left)
		}
	})
}
