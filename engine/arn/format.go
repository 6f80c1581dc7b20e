package arn

import "strings"

// Format is how AWS writes the ARNs of a resource type, such as
// "arn:${Partition}:s3:::${BucketName}/${ObjectName}".
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
type Format string

// Value is a variable of a format with its value.
type Value struct{ Name, Text string }

// Fixed is how many bytes of the format are no variables: of two formats that
// an ARN fits, the one with more says more about it.
func (f Format) Fixed() (n int) {
	for rest := string(f); rest != ""; {
		var before string
		before, _, rest = nextVariable(rest)
		n += len(before)
	}
	return n
}

// Match reports whether an ARN is written in the format, and gives the values
// of its variables, in order. A variable of the first five parts has no colon
// and may be empty; in the sixth part it is empty at the end alone. A value is
// the shortest text that will do.
func (f Format) Match(text string) (values []Value, ok bool) {
	before, name, rest := nextVariable(string(f))
	if !strings.HasPrefix(text, before) {
		return nil, false
	}
	text = text[len(before):]
	colons := strings.Count(before, ":")
	for name != "" {
		var next string
		literal := ""
		literal, next, rest = nextVariable(rest)
		inside := 1 // how much the value has at least
		if colons < 5 || literal == "" && next == "" {
			inside = 0
		}
		end := len(text)
		switch {
		case end < inside:
			return nil, false
		case next != "" || colons < 5:
			end = strings.Index(text[inside:], literal)
			if end < 0 {
				return nil, false
			}
			end += inside
		case literal != "":
			end -= len(literal)
			if end < inside || text[end:] != literal {
				return nil, false
			}
		}
		if colons < 5 && strings.Contains(text[:end], ":") {
			return nil, false
		}
		values = append(values, Value{name, text[:end]})
		text = text[end+len(literal):]
		colons += strings.Count(literal, ":")
		name = next
	}
	return values, text == "" && colons >= 5
}

// Fill is the format with values for its variables, and how many have none.
func (f Format) Fill(values []Value) (text string, left int) {
	for rest := string(f); rest != ""; {
		var before, name string
		before, name, rest = nextVariable(rest)
		text += before
		if name == "" {
			break
		}
		left++
		value := "${" + name + "}"
		if name == "*" {
			value = name
		}
		for _, v := range values {
			if v.Name == name {
				value = v.Text
				left--
				break
			}
		}
		text += value
	}
	return text, left
}

// nextVariable cuts a format at its first variable, whose name is "*" for a
// wildcard and "" when there is none.
func nextVariable(format string) (before, name, rest string) {
	for i := range len(format) {
		if format[i] == '*' {
			return format[:i], "*", format[i+1:]
		}
		if strings.HasPrefix(format[i:], "${") {
			name, rest, _ = strings.Cut(format[i+2:], "}")
			return format[:i], name, rest
		}
	}
	return format, "", ""
}
