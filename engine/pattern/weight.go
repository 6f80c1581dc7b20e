package pattern

// Hard says how much of the pattern may be tried at every place of a text: the
// bytes of what stands between two runs of any characters, and the variables
// among it. It is nothing where that is plain text, which is found in one go.
func (p *Pattern) Hard() (bytes, variables int) {
	if p.shape != general {
		return 0, 0
	}
	first, last := -1, -1
	for i := range p.parts {
		if p.parts[i].kind == run || p.parts[i].kind == variable { // an unknown variable stands for any run
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	plain := !p.fold
	for i := first + 1; i < last; i++ {
		switch p.parts[i].kind {
		case one:
			plain = false
			bytes++
		case variable:
			plain = false
			variables++
		default:
			bytes += len(p.parts[i].text)
		}
	}
	if plain {
		return 0, 0
	}
	return bytes, variables
}

// Wild reports whether the pattern has a wildcard.
func (p *Pattern) Wild() bool {
	if p.shape == prefix || p.shape == anything {
		return true
	}
	for i := range p.parts {
		if p.parts[i].kind == run || p.parts[i].kind == one {
			return true
		}
	}
	return false
}

// Unused is the first character from the given one on that is in none of the
// texts.
func Unused(from rune, texts []string) rune {
	used := map[rune]bool{}
	for _, text := range texts {
		for _, r := range text {
			used[r] = true
		}
	}
	for used[from] {
		from++
	}
	return from
}
