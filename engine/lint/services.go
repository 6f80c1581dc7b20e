package lint

import (
	"strings"

	"github.com/iam-playground/iam-playground/engine"
	"github.com/iam-playground/iam-playground/engine/arn"
	"github.com/iam-playground/iam-playground/engine/catalog"
	"github.com/iam-playground/iam-playground/engine/condition"
	"github.com/iam-playground/iam-playground/engine/pattern"
	"github.com/iam-playground/iam-playground/engine/spell"
)

// asked is an action of a statement that is named without wildcards, and known.
type asked struct {
	text    engine.Text
	prefix  string // in lower case
	service *catalog.Service
	action  *catalog.Action
}

// services holds a statement to the catalogue.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
func (l *linter) services(st *statement) {
	c := l.data.catalog
	if c == nil {
		return
	}
	var known []asked
	whole := !st.NotAction // all actions are named, and known
	for _, a := range st.Actions {
		k := l.actionName(a)
		if k.action == nil {
			whole = false
			continue
		}
		known = append(known, k)
	}
	for _, t := range st.Resources {
		l.format(t)
	}
	if !st.NotAction {
		l.resourceTypes(st, known)
		l.levels(st, known)
	}
	for i := range st.Conditions {
		cond := &st.Conditions[i]
		l.serviceKey(cond)
		if whole {
			l.keyOfActions(cond, known)
		}
		l.tagKey(st, cond)
	}
}

// actionName reports an action that the catalogue does not have. The action is nil
// for one with wildcards, too.
func (l *linter) actionName(a engine.Text) asked {
	prefix, name, _ := strings.Cut(a.Value, ":")
	k := asked{text: a, prefix: strings.ToLower(prefix), service: l.data.catalog.Service(prefix)}
	if k.service != nil && !wild(name) {
		if k.action = k.service.Action(name); k.action != nil {
			return k
		}
	}
	code, message, hint := action(a.Value, l.data.catalog)
	if code == "" {
		return k
	}
	f := l.at(code, a.At, message, hint)
	if near, ok := strings.CutPrefix(hint, `did you mean "`); ok {
		near = strings.TrimSuffix(near, `"?`)
		if near != a.Value {
			f.fix("write "+near, replaceText(a.At, near)...)
		}
	}
	return k
}

// uncontrolled reports whether resource control policies do not apply to a service,
// as far as is known.
func (d *data) uncontrolled(prefix string) bool {
	if d.catalog == nil {
		return false
	}
	s := d.catalog.Service(prefix)
	return s != nil && !s.RCP
}

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

// fitting reports whether some ARN is both of a format and covered by a resource
// without variables. It is true when the comparisons that may be made are used up.
func (l *linter) fitting(text, start string, formats []format) bool {
	p, _ := pattern.Compile(text, pattern.Options{Wildcards: true}, nil)
	for i := range formats {
		if l.work <= 0 || len(text) > maxPattern {
			return true
		}
		f := &formats[i]
		l.work--
		if !strings.HasPrefix(start, f.start) && !strings.HasPrefix(f.start, start) {
			continue
		}
		l.work -= 20
		if _, ok, _ := pattern.Meet(&p, &f.all, nil, 'x'); ok {
			return true
		}
	}
	return false
}

// fits reports whether a resource may be of one of the formats.
func (l *linter) fits(text string, formats []format) bool {
	text = wildcards(text)
	parts, n := arn.Split(text)
	if n < 6 || parts[0] != "arn" {
		return true // covering all, or reported by the reader
	}
	start := fixedStart(parts[5])
	for _, p := range parts[2:5] {
		if strings.HasSuffix(p, "*") && p != "*" {
			start = "" // it may run over colons
		}
	}
	return l.fitting(text, start, formats)
}

// format holds an ARN to the formats of its service.
func (l *linter) format(t engine.Text) {
	text := wildcards(t.Value)
	parts, n := arn.Split(text)
	if n < 6 || parts[0] != "arn" || wild(parts[2]) || parts[2] == "" {
		return
	}
	s := l.data.catalog.Service(parts[2])
	if s == nil {
		if !l.data.inARNs(parts[2]) {
			f := l.at("INVALID_SERVICE", t.At, quote(parts[2])+" is not a service in the catalogue of "+l.data.catalog.Date(), "")
			if near := l.data.catalog.NearestService(parts[2]); near != "" && len(parts[2]) < 64 && text == t.Value {
				parts[2] = near
				f.Hint = "did you mean " + quote(near) + "?"
				f.fix("write "+near, replaceText(t.At, strings.Join(parts[:], ":"))...)
			}
		}
		return
	}
	formats := l.data.formatsOf(s)
	if len(formats) == 0 || l.fits(t.Value, formats) {
		if region := parts[3]; region != "" && !wild(region) && !contains(regions, region) && len(formats) > 0 && !contains(regionless, parts[2]) {
			l.at("INVALID_ARN_REGION", t.At, "the Region of "+quote(t.Value)+" is "+quote(region)+", which is not known here", "write it like eu-central-1, or * for all")
		}
		return
	}
	with := func(region, account string) bool {
		other := parts
		other[3], other[4] = region, account
		return l.fits(strings.Join(other[:], ":"), formats)
	}
	mend := func(f *Finding, at int) {
		if text == t.Value {
			parts[at] = "*"
			f.fix("write * there", replaceText(t.At, strings.Join(parts[:], ":"))...)
		}
	}
	switch {
	case parts[4] == "" && with(parts[3], "*"):
		mend(l.at("MISSING_ARN_ACCOUNT", t.At, "the ARN "+quote(t.Value)+" has no account, and such resources of "+s.Prefix+" have one", "write the account, or * for all"), 4)
	case parts[3] == "" && with("*", parts[4]):
		mend(l.at("MISSING_ARN_REGION", t.At, "the ARN "+quote(t.Value)+" has no Region, and such resources of "+s.Prefix+" have one", "write the Region, or * for all"), 3)
	case parts[3] == "" && parts[4] == "" && with("*", "*"):
		mend(l.at("MISSING_ARN_REGION", t.At, "the ARN "+quote(t.Value)+" has neither Region nor account, and such resources of "+s.Prefix+" have both", "write both, or * for all"), 3)
	case parts[3] != "" && with("", parts[4]) || parts[4] != "" && with(parts[3], "") || with("", ""):
		// a Region or account where there is none: reported by itself where it is sure
		if !contains(regionless, parts[2]) && !(parts[2] == "s3" && isAccount(parts[4])) {
			l.at("INVALID_ARN_RESOURCE", t.At, quote(t.Value)+" has a Region or an account, and such resources of "+s.Prefix+" have none", "leave it empty")
		}
	default:
		l.at("INVALID_ARN_RESOURCE", t.At, quote(t.Value)+" fits no resource type of "+s.Prefix+" in the catalogue of "+l.data.catalog.Date(), "write it like "+nearFormat(parts[5], formats))
	}
}

// nearFormat is the format that is nearest to the last part of an ARN.
func nearFormat(resource string, formats []format) string {
	head, _, _ := strings.Cut(strings.ReplaceAll(resource, ":", "/"), "/")
	heads := make([]string, len(formats))
	for i := range formats {
		heads[i] = strings.TrimRight(formats[i].start, "/:")
	}
	if len(head) < 64 {
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

// inARNs reports whether some service has ARNs with this word in the service's place.
func (d *data) inARNs(word string) bool {
	for _, h := range d.catalog.Services() {
		s := d.catalog.Service(h.Prefix)
		if s == nil {
			continue
		}
		for i := range s.ResourceTypes {
			if parts, n := arn.Split(s.ResourceTypes[i].ARN); n == 6 && parts[2] == word {
				return true
			}
		}
	}
	return false
}

// resourceTypes holds the resources of a statement to the types that its actions
// work on.
func (l *linter) resourceTypes(st *statement, known []asked) {
	if st.NotResource || len(st.Resources) == 0 {
		return
	}
	star := everywhere(st.Resources)
	takes := 0
	var example asked
	for _, k := range known {
		switch {
		case len(k.action.Resources) == 0 && !star:
			if k.prefix == "s3" && s3Actions[strings.ToLower(k.action.Name)] == "none" {
				break // said without the catalogue
			}
			l.at("STAR_RESOURCE_ACTION", k.text.At, quote(k.text.Value)+` works on no resource in particular, expected the Resource "*"`, `give it a statement of its own with "Resource": "*"`)
		case star:
			for i := range k.action.Resources {
				if k.action.Resources[i].Required {
					if takes == 0 {
						example = k
					}
					takes++
					break
				}
			}
		case k.prefix == "s3" && s3Actions[strings.ToLower(k.action.Name)] != "":
			// said without the catalogue
		default:
			l.mismatch(st, k)
		}
	}
	if takes > 0 && st.Effect == engine.Allow && l.typ.Kind == Identity && len(st.Conditions) == 0 {
		what := quote(example.text.Value) + " takes"
		if takes > 1 {
			what = quote(example.text.Value) + " and " + number(takes-1) + " more take"
		}
		l.atKey("RESOURCE_STAR", st.ResourceAt, `the Resource is "*", and `+what+" resources of its own", "name the resources that are meant")
	}
}

// mismatch reports an action none of whose resource types is among the resources.
func (l *linter) mismatch(st *statement, k asked) {
	formats := make([]format, 0, len(k.action.Resources))
	for i := range k.action.Resources {
		f, ok := l.data.formatOf(k.action.Resources[i].Type)
		if !ok {
			return
		}
		formats = append(formats, f)
	}
	for _, t := range st.Resources {
		if l.fits(t.Value, formats) {
			return
		}
	}
	l.at("RESOURCE_MISMATCH", k.text.At, quote(k.text.Value)+" works on none of the resources of the statement", "name a resource such as "+k.action.Resources[0].Type.ARN)
}

// levels finds actions that change who may do what.
func (l *linter) levels(st *statement, known []asked) {
	if st.Effect == engine.Deny || l.typ.Kind != Identity {
		return
	}
	for _, k := range known {
		if k.action.Level == catalog.PermissionsManagement {
			l.at("PERMISSIONS_MANAGEMENT_ACTIONS", k.text.At, quote(k.text.Value)+" changes who may do what", "make sure that whoever has this policy may do that")
		}
	}
}

// serviceKey reports a condition key that its service does not have.
func (l *linter) serviceKey(c *engine.Condition) {
	prefix, _, _ := strings.Cut(c.Key, ":")
	s := l.data.catalog.Service(prefix)
	if s == nil || strings.EqualFold(prefix, "aws") || len(s.Keys) == 0 || s.Key(c.Key) != nil || catalog.Global(c.Key) != nil || len(c.Key) > 200 || l.data.catalog.Key(c.Key) != nil {
		return
	}
	f := l.atKey("INVALID_SERVICE_CONDITION_KEY", c.At, quote(c.Key)+" is not a condition key of "+s.Prefix+" in the catalogue of "+l.data.catalog.Date(), "see the service's condition keys")
	var names []string
	for i := range s.Keys {
		if !s.Keys[i].Variable() {
			names = append(names, s.Keys[i].Name)
		}
	}
	if near := spell.Nearest(c.Key, names...); near != "" && len(c.Key) < 64 {
		f.Hint = "did you mean " + quote(near) + "?"
		f.fix("write "+near, rename(c.At, near)...)
	}
}

// supports reports whether requests for an action have a key, or may have it.
func supports(a *catalog.Action, key string) bool {
	any := func(keys []string) bool {
		for _, k := range keys {
			if (&catalog.Key{Name: k}).Matches(key) {
				return true
			}
		}
		return false
	}
	if any(a.Keys) {
		return true
	}
	for i := range a.Resources {
		if any(a.Resources[i].Keys) || any(a.Resources[i].Type.Keys) {
			return true
		}
	}
	return false
}

// keyOfActions reports a service's key that the statement's actions do not have.
func (l *linter) keyOfActions(c *engine.Condition, known []asked) {
	prefix, _, _ := strings.Cut(strings.ToLower(c.Key), ":")
	s := l.data.catalog.Service(prefix)
	if s == nil || s.Key(c.Key) == nil || catalog.Global(c.Key) != nil || c.Spec.IfExists || c.Spec.Operator.Type == condition.Null {
		return
	}
	var without []string
	for _, k := range known {
		if l.work <= 0 {
			return
		}
		l.work--
		if !supports(k.action, c.Key) {
			without = append(without, k.text.Value)
		}
	}
	switch {
	case len(without) == 0:
	case len(without) == len(known):
		l.atKey("MISSING_ACTION_FOR_CONDITION_KEY", c.At, "no action of the statement has "+quote(c.Key)+" in its requests", "add an action that has it, or remove the condition")
	default:
		more := ""
		if len(without) > 1 {
			more = " and " + number(len(without)-1) + " more"
		}
		l.atKey("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", c.At, "requests for "+quote(without[0])+more+" have no "+quote(c.Key), "put the actions that have it into a statement of their own")
	}
}

// taggable reports whether some action of a service has a tag key in its requests.
func (d *data) taggable(s *catalog.Service, key string) bool {
	name := s.Prefix + " " + key
	if yes, done := d.tags[name]; done {
		return yes
	}
	yes := false
	for i := range s.Actions {
		yes = yes || supports(&s.Actions[i], key)
	}
	if d.tags == nil {
		d.tags = map[string]bool{}
	}
	d.tags[name] = yes
	return yes
}

// tagKey finds conditions on tags for services that do not tell them, and
// conditions on endpoints for services that may not.
func (l *linter) tagKey(st *statement, c *engine.Condition) {
	lower := strings.ToLower(c.Key)
	word := ""
	switch {
	case strings.HasPrefix(lower, "aws:resourcetag/"):
		word = "aws:ResourceTag/x"
	case strings.HasPrefix(lower, "aws:requesttag/"):
		word = "aws:RequestTag/x"
	case lower == "aws:tagkeys":
		word = "aws:TagKeys"
	case lower == "aws:vpceaccount" || lower == "aws:vpceorgid" || lower == "aws:vpceorgpaths":
		for _, a := range st.Actions {
			if prefix, _, _ := strings.Cut(a.Value, ":"); everything(prefix) || st.NotAction {
				l.atKey("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", c.At, "not all services have "+quote(c.Key)+", and the statement is for all", "name the services that have it")
				return
			}
		}
		return
	default:
		return
	}
	op := c.Spec.Operator
	if op.Type == condition.Null || c.Spec.IfExists || op.Negated {
		return // true for a missing key: nothing is missed
	}
	code := "ALLOW_"
	if st.Effect == engine.Deny {
		code = "DENY_"
	}
	if st.NotAction {
		l.atKey(code+"NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.At, "not all services that NotAction leaves have "+quote(c.Key), "list under Action the services that have it")
		return
	}
	seen := ""
	for _, a := range st.Actions {
		prefix, _, ok := strings.Cut(a.Value, ":")
		s := l.data.catalog.Service(prefix)
		if !ok || s == nil || strings.Contains(seen, " "+s.Prefix+" ") {
			continue
		}
		seen += " " + s.Prefix + " "
		if !l.data.taggable(s, word) {
			effect := "allowed"
			if st.Effect == engine.Deny {
				effect = "denied"
			}
			l.atKey(code+"WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", c.At, "no request to "+quote(s.Prefix)+" has "+quote(c.Key)+": its actions are not "+effect, "give its actions a statement of their own")
			return
		}
	}
}
