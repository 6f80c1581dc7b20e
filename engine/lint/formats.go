package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// formatChecks are the checks of ARNs that need the catalogue.
var formatChecks = []Check{
	{Code: "INVALID_ARN_REGION", Severity: Error, Tier: 3, Ages: true,
		Title: "unknown Region in an ARN",
		Why:   "No resource is there.",
		by:    [3]*walk{onFormats},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-nowhere-1:111122223333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
	},
	{Code: "INVALID_ARN_RESOURCE", Severity: Error, Tier: 3, Ages: true,
		Title: "ARN that fits no resource type",
		Why:   "The service has no resources that are named so.",
		by:    [3]*walk{onFormats},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:tabel/people"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "dynamodb:Query", ` +
			`"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/people"}`},
		Also: []string{"RESOURCE_MISMATCH"},
	},
	{Code: "INVALID_SERVICE", Severity: Error, Tier: 3, Ages: true,
		Title: "unknown service in an ARN",
		Why:   "It is misspelt, or newer than the catalogue.",
		by:    [3]*walk{onFormats},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:*", ` +
			`"Resource": "arn:aws:sqss:eu-west-1:111122223333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:*", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
	},
	{Code: "MISSING_ARN_ACCOUNT", Severity: Error, Tier: 3, Ages: true,
		Title: "ARN without its account",
		Why:   "Such a resource has an account in its ARN, so nothing matches.",
		by:    [3]*walk{onFormats},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1::jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`},
		Also: []string{"RESOURCE_MISMATCH"},
	},
	{Code: "MISSING_ARN_REGION", Severity: Error, Tier: 3, Ages: true,
		Title: "ARN without its Region",
		Why:   "Such a resource has a Region in its ARN, so nothing matches.",
		by:    [3]*walk{onFormats},
		Bad: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs::111122223333:jobs"}`},
		Good: Sample{Type: "identity", Statements: `{"Effect": "Allow", "Action": "sqs:SendMessage", ` +
			`"Resource": "arn:aws:sqs:*:111122223333:jobs"}`},
		Also: []string{"RESOURCE_MISMATCH"},
	},
}

var onFormats = &walk{statement: (*linter).formats}

// format is the format of ARNs of one resource type.
type format struct {
	typ   *catalog.ResourceType
	start string // what every such ARN's last part begins with
	all   pattern.Pattern
}

// formatOf is the format of a resource type; ok is false when it has no ARN.
func (d *data) formatOf(t *catalog.ResourceType) (f format, ok bool) {
	f, done := d.compiled[t]
	if !done {
		f = compileFormat(t)
		if d.compiled == nil {
			d.compiled = map[*catalog.ResourceType]format{}
		}
		d.compiled[t] = f
	}
	return f, f.typ != nil
}

// compileFormat compiles the ARNs of a resource type.
func compileFormat(t *catalog.ResourceType) format {
	var b strings.Builder
	for rest := t.ARN; rest != ""; {
		text, after, found := strings.Cut(rest, "${")
		b.WriteString(text)
		if !found {
			break
		}
		var name string
		name, rest, _ = strings.Cut(after, "}")
		if name == "Region" || name == "Account" {
			b.WriteByte('?') // never empty
		}
		b.WriteByte('*')
	}
	a, ok := arn.Parse(b.String())
	if !ok {
		return format{}
	}
	f := format{typ: t, start: fixedStart(a.Resource)}
	f.all, _ = pattern.Compile(a.String(), pattern.Options{Wildcards: true}, nil)
	return f
}

// fixedStart is a text up to its first wildcard or variable.
func fixedStart(text string) string {
	if i := strings.IndexAny(text, "*?$"); i >= 0 {
		return text[:i]
	}
	return text
}

// formatsOf are the formats of a service's ARNs.
func (d *data) formatsOf(s *catalog.Service) []format {
	if list, done := d.formats[s.Prefix]; done {
		return list
	}
	if d.formats == nil {
		d.formats = map[string][]format{}
	}
	var list []format
	for i := range s.ResourceTypes {
		if f, ok := d.formatOf(&s.ResourceTypes[i]); ok {
			list = append(list, f)
		}
	}
	d.formats[s.Prefix] = list
	return list
}

// wildcards is a resource's text with * for each of its variables.
func wildcards(text string) string {
	var b strings.Builder
	for at := 0; at < len(text); at++ {
		if end := pattern.VariableEnd(text, at); end > at {
			b.WriteByte('*')
			at = end - 1
			continue
		}
		b.WriteByte(text[at])
	}
	return b.String()
}

// candidate is a resource of a statement, or what it may have been meant to be.
type candidate struct {
	any   bool   // it covers all, is very long, or the reader reports it
	start string // what its last part begins with
	all   pattern.Pattern
}

// maxPattern is the length up to which a text is compared with formats.
const maxPattern = 512

// candidateOf is the candidate of a resource's text without variables.
func candidateOf(text string) *candidate {
	parts, n := arn.Split(text)
	if n < 6 || parts[0] != "arn" || len(text) > maxPattern {
		return &candidate{any: true}
	}
	c := &candidate{start: fixedStart(parts[5])}
	for _, p := range parts[2:5] {
		if strings.HasSuffix(p, "*") && p != "*" {
			c.start = "" // it may run over colons
		}
	}
	c.all, _ = pattern.Compile(text, pattern.Options{Wildcards: true}, nil)
	return c
}

// candidate is that of one of the statement's resources.
func (l *linter) candidate(st *statement, i int) *candidate {
	if st.candidates == nil {
		st.candidates = make([]*candidate, len(st.Resources))
	}
	if st.candidates[i] == nil {
		st.candidates[i] = candidateOf(wildcards(st.Resources[i].Value))
	}
	return st.candidates[i]
}

// fits reports whether some ARN is both of one of the formats and covered by a
// candidate. It is true when the work is used up.
func (l *linter) fits(c *candidate, formats []format) bool {
	if c.any || !l.spend(len(formats)) {
		return true
	}
	for i := range formats {
		f := &formats[i]
		if !strings.HasPrefix(c.start, f.start) && !strings.HasPrefix(f.start, c.start) {
			continue
		}
		_, meets, steps := pattern.Meet(&c.all, &f.all, nil, 'x')
		if !l.spend(steps) || meets {
			return true
		}
	}
	return false
}

// formats holds the resources of a statement to the formats of their services.
func (l *linter) formats(st *statement) {
	if l.data.catalog == nil {
		return
	}
	for i, t := range st.Resources {
		l.format(t, l.candidate(st, i))
	}
}

// format holds an ARN to the formats of its service.
func (l *linter) format(t engine.Text, c *candidate) {
	text := wildcards(t.Value)
	parts, n := arn.Split(text)
	if n < 6 || parts[0] != "arn" || wild(parts[2]) || parts[2] == "" {
		return
	}
	s := l.data.catalog.Service(parts[2])
	if s == nil {
		if !l.data.speaks(parts[2]) {
			f := l.at("INVALID_SERVICE", t.At,
				quote(parts[2])+" is not a service in the catalogue of "+l.data.catalog.Date(), "")
			if len(parts[2]) >= 64 || text != t.Value || !l.data.hint() {
				return
			}
			if near := l.data.catalog.NearestService(parts[2]); near != "" {
				parts[2] = near
				f.Hint = "did you mean " + quote(near) + "?"
				f.fix("write "+near, replaceText(t.At, strings.Join(parts[:], ":"))...)
			}
		}
		return
	}
	formats := l.data.formatsOf(s)
	if len(formats) == 0 || l.fits(c, formats) {
		if region := parts[3]; region != "" && !wild(region) && !contains(regions, region) && len(formats) > 0 &&
			!contains(regionless, parts[2]) {
			l.at("INVALID_ARN_REGION", t.At,
				"the Region of "+quote(t.Value)+" is "+quote(region)+", which is not known here",
				"write it like eu-central-1, or * for all")
		}
		return
	}
	with := func(region, account string) bool {
		other := parts
		other[3], other[4] = region, account
		return l.fits(candidateOf(strings.Join(other[:], ":")), formats)
	}
	mend := func(f *Finding, at int) {
		if text == t.Value {
			parts[at] = "*"
			f.fix("write * there", replaceText(t.At, strings.Join(parts[:], ":"))...)
		}
	}
	switch {
	case parts[4] == "" && with(parts[3], "*"):
		mend(l.at("MISSING_ARN_ACCOUNT", t.At,
			"the ARN "+quote(t.Value)+" has no account, and such resources of "+s.Prefix+" have one",
			"write the account, or * for all"), 4)
	case parts[3] == "" && with("*", parts[4]):
		mend(l.at("MISSING_ARN_REGION", t.At,
			"the ARN "+quote(t.Value)+" has no Region, and such resources of "+s.Prefix+" have one",
			"write the Region, or * for all"), 3)
	case parts[3] == "" && parts[4] == "" && with("*", "*"):
		mend(l.at("MISSING_ARN_REGION", t.At,
			"the ARN "+quote(t.Value)+" has neither Region nor account, and such resources of "+s.Prefix+" have both",
			"write both, or * for all"), 3)
	case parts[3] != "" && with("", parts[4]) || parts[4] != "" && with(parts[3], "") || with("", ""):
		// a Region or account where there is none: reported by itself where it is sure
		if !contains(regionless, parts[2]) && !(parts[2] == "s3" && isAccount(parts[4])) {
			l.at("INVALID_ARN_RESOURCE", t.At,
				quote(t.Value)+" has a Region or an account, and such resources of "+s.Prefix+" have none",
				"leave it empty")
		}
	default:
		l.at("INVALID_ARN_RESOURCE", t.At,
			quote(t.Value)+" fits no resource type of "+s.Prefix+" in the catalogue of "+l.data.catalog.Date(),
			"write it like "+l.nearFormat(parts[5], formats))
	}
}

// nearFormat is the format that is nearest to the last part of an ARN.
func (l *linter) nearFormat(resource string, formats []format) string {
	head, _, _ := strings.Cut(strings.ReplaceAll(resource, ":", "/"), "/")
	heads := make([]string, len(formats))
	for i := range formats {
		heads[i] = strings.TrimRight(formats[i].start, "/:")
	}
	if len(head) < 64 && l.data.hint() {
		if near := spell.Nearest(head, heads...); near != "" {
			for i := range heads {
				if heads[i] == near {
					return formats[i].typ.ARN
				}
			}
		}
	}
	return formats[0].typ.ARN
}

// speaks reports whether some service has ARNs with this word in the service's place.
func (d *data) speaks(word string) bool {
	if d.spoken == nil {
		d.spoken = map[string]bool{}
		for _, h := range d.catalog.Services() {
			s := d.catalog.Service(h.Prefix)
			if s == nil {
				continue
			}
			for i := range s.ResourceTypes {
				if parts, n := arn.Split(s.ResourceTypes[i].ARN); n == 6 {
					d.spoken[parts[2]] = true
				}
			}
		}
	}
	return d.spoken[word]
}
