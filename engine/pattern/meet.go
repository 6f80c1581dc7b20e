package pattern

// maxMeeting bounds the work of Meet: the product of both patterns' characters.
const maxMeeting = 1 << 16

// Meet is a text that both patterns match under the bindings, with free for
// every character that may be any. It is false if there is no such text, if a
// variable has no known value, or if the patterns are too long. steps is how
// many pairs of characters were compared.
func Meet(p, q *Pattern, bindings []Binding, free rune) (text string, ok bool, steps int) {
	m := meeting{free: free, foldP: p.fold, foldQ: q.fold}
	var okP, okQ bool
	m.p, okP = p.characters(bindings)
	m.q, okQ = q.characters(bindings)
	if !okP || !okQ || len(m.p)*len(m.q) > maxMeeting {
		return "", false, len(m.p) + len(m.q)
	}
	m.seen = make([]bool, (len(m.p)+1)*(len(m.q)+1))
	ok = m.from(0, 0)
	return string(m.text), ok, m.steps + (len(m.p)+len(m.q))>>2
}

// characters are the pattern's characters with variables replaced, and anyRun
// and anyOne for its wildcards; false if a variable has no known value.
func (p *Pattern) characters(bindings []Binding) (out []rune, ok bool) {
	p = p.whole()
	for i := range p.parts {
		switch p.parts[i].kind {
		case run:
			out = append(out, anyRun)
		case one:
			out = append(out, anyOne)
		default:
			text, ok := p.fixedText(i, bindings)
			if !ok {
				return nil, false
			}
			out = append(out, []rune(text)...)
		}
	}
	return out, true
}

// meeting is the search of Meet: text is what the first characters of both
// patterns match, and seen marks the places in both that lead nowhere.
type meeting struct {
	p, q         []rune
	foldP, foldQ bool
	free         rune
	seen         []bool
	text         []rune
	steps        int
}

func (m *meeting) from(i, j int) bool {
	if i == len(m.p) && j == len(m.q) {
		return true
	}
	at := i*(len(m.q)+1) + j
	if m.seen[at] {
		return false
	}
	m.seen[at] = true
	m.steps++
	runP, runQ := i < len(m.p) && m.p[i] == anyRun, j < len(m.q) && m.q[j] == anyRun
	if runP && m.from(i+1, j) || runQ && m.from(i, j+1) {
		return true
	}
	if i == len(m.p) || j == len(m.q) || runP && runQ {
		return false
	}
	r, ok := m.both(m.p[i], m.q[j])
	if !ok {
		return false
	}
	if !runP {
		i++
	}
	if !runQ {
		j++
	}
	m.text = append(m.text, r)
	if m.from(i, j) {
		return true
	}
	m.text = m.text[:len(m.text)-1]
	return false
}

// both is a character that a and b stand for.
func (m *meeting) both(a, b rune) (rune, bool) {
	switch {
	case a < 0 && b < 0:
		return m.free, true
	case a < 0:
		return b, true
	case b < 0, a == b:
		return a, true
	case m.foldP:
		return b, sameLetter(a, b)
	}
	return a, m.foldQ && sameLetter(a, b)
}
