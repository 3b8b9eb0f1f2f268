package corpus

import (
	"regexp"
	"strings"
)

// services are the commands that build services and terminals obey in the output of a
// step, according to their sources and documentation.
var services = []struct {
	name    string
	marker  string         // in every line that grammar matches; "" means a character outside printable ASCII
	grammar *regexp.Regexp // matches a line without its line end
}{
	// github.com/actions/runner, ActionCommand.cs: "::" after a trim, "##[" anywhere.
	{"GitHub Actions", "::", regexp.MustCompile(`^\s*::`)},
	{"GitHub Actions", "##[", regexp.MustCompile(`##\[`)},
	// github.com/microsoft/azure-pipelines-agent, Command.cs, and the agent's log formats.
	{"Azure Pipelines", "##", regexp.MustCompile(`(?i)##vso\[|##\[[a-z]`)},
	// jetbrains.com/help/teamcity/service-messages.html
	{"TeamCity", "##", regexp.MustCompile(`(?i)##teamcity\[`)},
	// octopus.com/docs: service messages
	{"Octopus Deploy", "##", regexp.MustCompile(`(?i)##octopus\[`)},
	{"Unity", "##utp", regexp.MustCompile(`##utp:`)},
	{"Continua CI", "@@", regexp.MustCompile(`(?i)@@continua\[`)},
	// docs.gitlab.com/ci/jobs/job_logs: section_start:1560896352:my_section\r\e[0K
	{"GitLab", "section_", regexp.MustCompile(`section_(start|end):\d+:`)},
	// github.com/travis-ci/travis-web, log-fold and log-time
	{"Travis CI", ":start:", regexp.MustCompile(`(fold|time):start:[\w\-.]+`)},
	{"Travis CI", ":end:", regexp.MustCompile(`(fold|time):end:[\w\-.]+`)},
	// buildkite.com/docs/pipelines/managing-log-output
	{"Buildkite", " ", regexp.MustCompile(`^(---|\+\+\+|~~~|\^\^\^|\*\*\*) `)},
	// ECMA-48: C0 and C1 controls, with them ESC, CSI and OSC; Jenkins' notes start with ESC[8m.
	{"a terminal", "", regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f-\x{9f}]`)},
	// UAX #9, and characters that are displayed as nothing.
	{"the eye", "", regexp.MustCompile(`[\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{180b}-\x{180f}\x{200b}\x{200c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{2800}\x{3164}\x{feff}\x{ffa0}\x{fff9}-\x{fffb}\x{e0000}-\x{e0fff}]`)},
}

// Commands are texts that contain a command of one of the services.
var Commands = []string{
	"##vso[task.setvariable variable=PATH]/tmp", "##VSO[task.complete result=Succeeded;]", "##[group]x", "###[error]x", "##teamcity[buildStop comment='x']",
	"##octopus[setVariable name='x']", "##utp:{}", "@@continua[setVariable name='x']",
	"section_start:1560896352:x\r\x1b[0K", "section_end:1:x", "travis_fold:start:x", "travis_time:end:x:start=1,finish=2",
	"\n::stop-commands::x", "\r::set-output name=a::b", "\u2028::error::x", "\n--- group", "\n+++ group", "\n~~~ group", "\n^^^ +++", "::add-mask::x", "--- x", "+++ x", "~~~ x",
	"\x1b]0;title\a", "\x1b[2J", "\u009b2J", "\u009d0;title\u009c", "\x1b[8mha:AAAA\x1b[0m", "\x7f", "\x00",
	"\u202egnp.\u202c", "\u2066x\u2069", "\u200bx", "a\u200db", "\u2060", "\ufeff", "\u00ad", "\u115f", "\u3164", "\u034f", "\U000e0041", "a\ufe0fb",
}

// Obeyed returns the name of a service that obeys a line, or "".
func Obeyed(line string) string {
	plain := !strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r > '~' })
	for _, s := range services {
		if s.marker == "" && plain || !strings.Contains(line, s.marker) {
			continue // the grammars are slow, and most lines have no marker
		}
		if s.grammar.MatchString(line) {
			return s.name
		}
	}
	return ""
}
