package arn

import "strings"

// Format is how AWS writes the ARNs of a resource type, such as
// "arn:${Partition}:s3:::${BucketName}/${ObjectName}".
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
type Format struct {
	Text string
	// Fixed is how many of its bytes are no variables: of two formats that an
	// ARN fits, the one with more says more about it.
	Fixed int
	parts [6]string
}

// Value is a variable of a format with its value.
type Value struct{ Name, Text string }

// NewFormat is a format ready to be matched. What is not written like one is
// fitted by nothing.
func NewFormat(text string) Format {
	f := Format{Text: text, Fixed: len(text)}
	if parts, n := Split(text); n == len(parts) {
		f.parts = parts
	}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "${")
		if !ok {
			return f
		}
		variable, behind, _ := strings.Cut(after, "}")
		f.Fixed -= len(variable) + len("${}")
		rest = behind
	}
}

// Match reports whether an ARN is written in the format, and gives the values
// of its variables, in order. Region and account may be empty; in the sixth part
// a variable is empty at the end alone, and is the shortest text that will do.
func (f *Format) Match(text string) (values []Value, ok bool) {
	parts, n := Split(text)
	if n < len(parts) || f.parts[0] != "arn" || !strings.HasPrefix(parts[5], fixedStart(f.parts[5])) {
		return nil, false
	}
	for i, want := range f.parts[:5] {
		if strings.HasPrefix(want, "${") && strings.HasSuffix(want, "}") {
			values = append(values, Value{want[len("${") : len(want)-1], parts[i]})
		} else if want != parts[i] && want != "*" {
			return nil, false
		}
	}
	before, rest, more := nextVariable(f.parts[5])
	text = parts[5][len(before):]
	for more {
		name, after := "", rest[1:] // behind a *
		if rest[0] == '$' {
			name, after, _ = strings.Cut(rest[len("${"):], "}")
		}
		var literal string
		literal, rest, more = nextVariable(after)
		end := len(text)
		switch {
		case more && text == "":
			return nil, false
		case more:
			if end = 1 + strings.Index(text[1:], literal); end == 0 {
				return nil, false
			}
		case literal != "":
			if end = len(strings.TrimSuffix(text, literal)); end == len(text) || end == 0 {
				return nil, false
			}
		}
		values = append(values, Value{name, text[:end]})
		text = text[min(end+len(literal), len(text)):]
	}
	return values, text == ""
}

// Fill is the format with values for its variables, and how many have none.
func (f *Format) Fill(values []Value) (text string, left int) {
	for rest := f.Text; ; {
		before, after, ok := strings.Cut(rest, "${")
		text += before
		if !ok {
			return text, left + strings.Count(f.Text, "*")
		}
		var name string
		name, rest, _ = strings.Cut(after, "}")
		value, found := "${"+name+"}", false
		for _, v := range values {
			if v.Name == name {
				value, found = v.Text, true
			}
		}
		if !found {
			left++
		}
		text += value
	}
}

func fixedStart(format string) string {
	before, _, _ := nextVariable(format)
	return before
}

// nextVariable cuts a format at its first variable or *, which rest begins with.
func nextVariable(format string) (before, rest string, ok bool) {
	for i := 0; i < len(format); i++ {
		if format[i] == '*' || strings.HasPrefix(format[i:], "${") {
			return format[:i], format[i:], true
		}
	}
	return format, "", false
}
