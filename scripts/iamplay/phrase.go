package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// A phrase is a request in words, as in
//
//	<iam-playground request="who=ali do=s3:GetObject on=acme-reports/q1.csv with aws:SourceIp=203.0.113.7">
//
// It goes with a policy alone, which stands in the block of code before the
// element. site/src/embed/phrase.ts is the twin of this file in the page.
type phrase struct {
	who, do, on string
	context     [][2]string
}

var (
	phraseStart    = regexp.MustCompile(`^\s*(who|do|on)\s*=`)
	phraseWord     = regexp.MustCompile(`^\s*(?:(with|and)(?:\s|$)|([^\s="']+)=(?:"([^"]*)"|'([^']*)'|([^\s"']*))(?:\s|$)|(\S+))`)
	actionPattern  = regexp.MustCompile(`(?i)^[a-z0-9-]+:[a-z0-9]+$`)
	rolePattern    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):role/(?:.*/)?([^/]+)$`)
	bucketPattern  = regexp.MustCompile(`^arn:aws[a-z-]*:s3:::[^/]+`)
	sessionPattern = regexp.MustCompile(`^arn:aws[a-z-]*:sts::(\d{12}):assumed-role/([^/]+)/[^/]+$`)
	userPattern    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):user(/|/.*/)([^/]+)$`)
)

// parsePhrase reads a request in words. Values with blanks stand in quotes.
func parsePhrase(text string) (phrase, error) {
	var p phrase
	parts := map[string]*string{"who": &p.who, "do": &p.do, "on": &p.on}
	context := false
	for strings.TrimSpace(text) != "" {
		m := phraseWord.FindStringSubmatch(text)
		text = text[len(m[0]):]
		part := parts[m[2]]
		value := m[3] + m[4] + m[5]
		switch {
		case m[6] != "":
			return p, fmt.Errorf("found %q in the request, expected who=…, do=…, on=… or with KEY=VALUE", m[6])
		case m[1] != "":
			context = true
		case context:
			p.context = append(p.context, [2]string{m[2], value})
		case part == nil:
			return p, fmt.Errorf("found %q in the request, expected who, do or on; a context key follows \"with\"", m[2])
		case *part != "":
			return p, fmt.Errorf("found %s= twice in the request, expected it once", m[2])
		default:
			*part = value
		}
	}
	for _, key := range []string{"who", "do", "on"} {
		if *parts[key] == "" {
			return p, fmt.Errorf("found no %s= in the request, expected \"who=ali do=s3:GetObject on=BUCKET/KEY\"", key)
		}
	}
	if !actionPattern.MatchString(p.do) {
		return p, fmt.Errorf("found do=%q, expected an action such as s3:GetObject", p.do)
	}
	if !strings.HasPrefix(p.on, "arn:") && p.on != "*" && !strings.HasPrefix(strings.ToLower(p.do), "s3:") {
		return p, fmt.Errorf("found on=%q, expected an ARN or \"*\"", p.on)
	}
	return p, nil
}

// scenarioAround is a scenario of one policy and one request. A policy that
// names principals belongs to the resource, or, for a role that is assumed, to
// the role; any other belongs to the caller.
func scenarioAround(policy string, p phrase) (string, error) {
	type object = map[string]any
	const account = "111122223333"
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return "", fmt.Errorf("the block of code is no JSON: %w", err)
	}
	if document.Statement == nil {
		return "", fmt.Errorf("the block of code holds no Statement, expected an IAM policy or a scenario")
	}
	var statements []object
	if json.Unmarshal(document.Statement, &statements) != nil {
		statements = make([]object, 1)
		if err := json.Unmarshal(document.Statement, &statements[0]); err != nil {
			return "", fmt.Errorf("the policy's Statement is no object and no list of objects")
		}
	}
	names := false
	for _, s := range statements {
		names = names || s["Principal"] != nil || s["NotPrincipal"] != nil
	}
	resource := p.on
	if !strings.HasPrefix(resource, "arn:") && resource != "*" {
		resource = "arn:aws:s3:::" + resource
	}
	home := account
	accounts := object{}
	add := func(id, member, name string, thing object) {
		in, _ := accounts[id].(object)
		if in == nil {
			in = object{}
			accounts[id] = in
		}
		all, _ := in[member].(object)
		if all == nil {
			all = object{}
			in[member] = all
		}
		all[name] = thing
	}
	text := json.RawMessage(policy)
	own := object{}
	if !names {
		own["inline"] = object{"policy": text}
	}
	caller := p.who
	switch session, user := sessionPattern.FindStringSubmatch(p.who), userPattern.FindStringSubmatch(p.who); {
	case session != nil:
		home = session[1]
		own["trust"] = object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Principal": object{"AWS": account}, "Action": "sts:AssumeRole"}}
		add(home, "roles", session[2], own)
	case user != nil:
		home = user[1]
		if user[2] != "/" {
			own["path"] = user[2]
		}
		add(home, "users", user[3], own)
	case !strings.ContainsAny(p.who, ":/") && p.who != "anonymous" && !strings.Contains(p.who, ".amazonaws."):
		caller = "arn:aws:iam::" + account + ":user/" + p.who
		add(account, "users", p.who, own)
	case !names:
		return "", fmt.Errorf("found who=%q, expected a user's name, or the ARN of a user or of a role session, to whom the policy belongs", p.who)
	}
	switch role := rolePattern.FindStringSubmatch(resource); {
	case names && role != nil:
		add(role[1], "roles", role[2], object{"trust": text})
	case names && resource == "*":
		return "", fmt.Errorf("found on=\"*\", expected the ARN of the resource to which the policy belongs")
	case resource != "*":
		thing := object{}
		if names {
			thing["policy"] = text
		}
		name := bucketPattern.FindString(resource)
		if name == "" {
			name = resource
		}
		add(home, "resources", name, thing)
	}
	context := map[string][]string{}
	for _, c := range p.context {
		context[c[0]] = append(context[c[0]], c[1])
	}
	values := object{}
	for key, list := range context {
		if values[key] = list; len(list) == 1 {
			values[key] = list[0]
		}
	}
	scenario, err := json.MarshalIndent(object{"version": 1, "accounts": accounts, "requests": []object{{
		"name": p.who + " wants to " + p.do, "principal": caller, "action": p.do, "resource": resource, "context": values,
	}}}, "", "  ")
	return string(scenario), err
}
