package lint

// lack says where an unknown value may have what a check did not find. A check
// that rests on what a list does not have says nothing where the list has unknown
// values.
type lack uint8

// The elements that a check may rest on, in its statement, and the whole of it.
const (
	inAction lack = 1 << iota
	inResource
	inPrincipal
	inCondition
	inStatement
	// inPolicy is for checks that rest on what no statement has, or on how long
	// the policy is.
	inPolicy
)

// settle leaves out of the findings from one on those that may not hold, as the
// unknown parts of the policy turn out.
func (l *linter) settle(from int) {
	if !l.policy.HasParts() {
		return
	}
	unknown := map[int]lack{} // by where the statement begins
	for _, st := range l.statements {
		if st.HasParts() {
			unknown[st.At.Start] = st.unknown()
		}
	}
	kept := l.found[:from]
	for _, f := range l.found[from:] {
		if c := Find(f.Code); c == nil || c.lack&(unknown[f.within]|inPolicy) == 0 {
			kept = append(kept, f)
		}
	}
	l.found = kept
}

// unknown are the elements of the statement that have unknown values.
func (s *statement) unknown() lack {
	in := inStatement
	if len(s.ActionParts) > 0 {
		in |= inAction
	}
	if len(s.ResourceParts) > 0 {
		in |= inResource
	}
	if s.Principal != nil && len(s.Principal.Parts) > 0 {
		in |= inPrincipal
	}
	for i := range s.Conditions {
		if len(s.Conditions[i].Parts) > 0 {
			in |= inCondition
		}
	}
	return in
}
