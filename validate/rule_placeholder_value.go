package validate

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "placeholder-value", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a placeholder that was never filled in",
		Why:     `Documentation samples contain "String" and "Display Name value"; templates contain "{id}", "<name>", "#{name}#", "%NAME%" or TODO; asterisks replace a secret in a response or a log; and the zero GUID means no id. Sent as they are, they become the value of the property. Placeholders with delimiters, such as "{id}", are also reported in the URLs of requests. Variables that Windows, Autopilot or Intune fill in, such as %ProgramFiles%, %SERIAL% and {{UserName}}, are values. The ids that Intune uses elsewhere for all users (acacacac-9df4-4c7d-9d50-4ef0226f57a9) and all devices (adadadad-808e-44e2-905a-0b7873a8a531) are not ids of groups: use the target types for all users and all devices.`,
		Bad: `{
  "displayName": "Display Name value",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`,
	},
	at: stops{properties: func(p *schema.Property) bool {
		return p.Type.Name == "Edm.String" || p.Type.Name == "Edm.Binary" // "TODO" is base64, too
	}},
	text: (*Pass).placeholder,
	batch: func(p *Pass) {
		for _, r := range p.requests {
			if placeholder := form.PlaceholderInURL(r.URL.TextBytes()); placeholder != nil {
				p.ReportValue(r.URL, form.UnfilledURL, inert.Quote(string(placeholder)))
			}
		}
	},
})

// placeholder reports a string in the value of a property if it is a placeholder.
func (p *Pass) placeholder(of *schema.Property, n patchlint.Node, text []byte) {
	target, who := "", ""
	if of.GUID && len(text) > 0 && text[0]|0x20 == 'a' { // the ids of everybody start with it
		target, who = everybody(text)
	} else {
		text = bytes.TrimSpace(text)
	}
	switch {
	case target != "":
		p.reportEverybody(of, n, target, who)
	case string(text) == form.ZeroGUID && (of.GUID && !of.Optional || p.dispatch.of.Unpublished != "" && strings.HasSuffix(of.Name, "Id")):
		p.ReportValue(n, "%s is the zero GUID, which no object has; use the real id", inert.Quote(of.Name))
	case of.GUID && len(text) > 0 && len(p.linter.Placeholders) == 0: // a GUID, or refused by the walk
	case of.Required && len(text) == 0:
		p.ReportValue(n, "%s is empty; use the real id", inert.Quote(of.Name))
	case of.Computed && p.Target.Key != "": // id-mismatch
	case string(text) == "String" && (of.Name == "type" || of.Name == "dataType"): // of an extension or a custom security attribute
	case form.Placeholder(text) && form.Placeholder(filledIn.Get().ReplaceAll(text, []byte("1"))), isSample(text, of),
		slices.ContainsFunc(p.linter.Placeholders, func(w string) bool { return strings.EqualFold(w, string(text)) }):
		remedy := "use the real value, or leave the property out"
		switch {
		case of.Required:
			remedy = "use the real id"
		case of.Collection:
			remedy = "use the real value, or remove the element"
		}
		p.ReportValue(n, "%s is a placeholder that was not filled in; %s", inert.Quote(string(text)), remedy)
	}
}

// isSample reports whether a text is what samples of the documentation have in place of the
// value of a property, as in "Display Name value" and "displayName-value".
func isSample(text []byte, p *schema.Property) bool {
	const word = "value"
	at := len(text) - len(word)
	return at > 0 && text[at]|0x20 == word[0] && bytes.EqualFold(text[at:], []byte(word)) && bytes.ContainsAny(text, " -") &&
		strings.EqualFold(sampleMarks.Replace(string(text)), p.Name+word)
}

var sampleMarks = strings.NewReplacer(" ", "", "-", "")

// filledIn matches variables that are valid in a payload, because they are expanded
// later: by Windows in a path and in an administrative template, by Autopilot in the
// name of a device, and by Intune in the subject of a certificate and the settings of an
// app.
var filledIn = lazy.Regexp(`(?i)\$\((?:string|presentation)\.[^()\s]+\)|` +
	`%(?:AllUsersProfile|AppData|CommonProgramFiles|CommonProgramW6432|ComputerName|ComSpec|DriverData|HomeDrive|HomePath|HomeShare|LocalAppData|LogonServer|` +
	`Number_Of_Processors|OneDrive|OneDriveCommercial|OneDriveConsumer|OS|Path|PathExt|Processor_(?:Architecture|Architew6432|Identifier|Level|Revision)|ProgramData|` +
	`ProgramFiles|ProgramW6432|PSModulePath|Public|Serial|SessionName|SystemDrive|SystemRoot|Temp|Tmp|UserDnsDomain|UserDomain|UserName|UserProfile|WinDir)%|` +
	`\{\{(?:AAD_?Device_?ID|AccountId|AzureADDeviceId|Device_?Id|Device_?IMEI|DeviceName|DeviceRegistration|Device_?Serial|DeviceType|` +
	`EmailAddress|FullyQualifiedDomainName|IMEI|IMEINumber|IsSupervised|Mail|ManagedDeviceName|MEID|OnPrem_Distinguished_Name|` +
	`OnPremisesSamAccountName|OnPremisesSecurityIdentifier|PartialUPN|Serial|SerialLast4Digits|SerialNumber|` +
	`SerialNumberLast4Digits|UDID|UDIDLast4Digits|UserId|UserName|UserPrincipalName|WiFiMacAddress)\}\}`)

// everybody returns the type of target for an id that Intune uses elsewhere for all users
// or all devices, and the words for them in messages. It returns "" for any other id.
func everybody(id []byte) (target, who string) {
	switch {
	case bytes.EqualFold(id, []byte("acacacac-9df4-4c7d-9d50-4ef0226f57a9")):
		return "allLicensedUsersAssignmentTarget", "all users"
	case bytes.EqualFold(id, []byte("adadadad-808e-44e2-905a-0b7873a8a531")):
		return "allDevicesAssignmentTarget", "all devices"
	}
	return "", ""
}

// reportEverybody reports an id of all users or devices in place of the id of a group or
// filter. For an exclusion it suggests no target, because excluding everybody leaves
// nobody.
func (p *Pass) reportEverybody(of *schema.Property, n patchlint.Node, target, who string) {
	var d patchlint.Diagnostic
	owner, remedy := "a group", "use the real id"
	annotation := n.Parent().Member("@odata.type")
	kind := p.Resource.Model.TypeOf(annotation)
	switch {
	case of.Optional:
		owner = "a filter"
	case kind != nil && kind.Short() == "groupAssignmentTarget":
		remedy = "use " + target
		retype := patchlint.Edit{Span: annotation.Span(), NewText: `"#` + p.Resource.Model.Type(target).Name + `"`}
		d.Fixes = []patchlint.Fix{{Title: remedy, Edits: fixes.RemovalAnd(n, retype)}}
	case kind != nil && kind.Short() == "exclusionGroupAssignmentTarget":
		remedy = "excluding everybody leaves nobody, so use the id of a group"
	}
	p.report(n, d, "%s is the id that Intune uses for %s, not the id of %s; %s", n.Raw(), who, owner, remedy)
}
