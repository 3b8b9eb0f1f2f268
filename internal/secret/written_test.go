package secret

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
)

// TestInStrings checks what is masked in the XML and the commands in the strings of a
// payload, where SECRET is the only credential.
func TestInStrings(t *testing.T) {
	for _, text := range []string{
		`<keyMaterial>SECRET</keyMaterial>`,
		`<password>SECRET</password><user>Mj3Lp6Hs1Nd8</user>`,
		`<password type="x">SECRET</password>`,
		`<password><![CDATA[SECRET]]></password>`,
		`<wlan:keyMaterial>SECRET</wlan:keyMaterial>`,
		`<keyType>passPhrase</keyType><protected>false</protected><keyMaterial>SECRET</keyMaterial>`,
		"<Password>\n\t<Value>SECRET</Value>\n\t<PlainText>true</PlainText></Password>",
		`<password></password><user>Mj3Lp6Hs1Nd8</user>`,
		`<password/><user>Mj3Lp6Hs1Nd8</user>`,
		`<password>%PW%</password><password>required</password>`,
		`<AuthType>Password</AuthType><User>bob.smith1</User>`,

		`<key>PayloadPassword</key><string>SECRET</string>`,
		"<dict>\n\t<key>Password</key>\n\t<string>SECRET</string>\n\t<key>PayloadUUID</key>\n\t<string>Mj3Lp6Hs1Nd8</string>",
		`<key>RequirePassword</key><true/><key>X</key><string>Mj3Lp6Hs1Nd8</string>`,
		`<name>sharedSecret</name><value>SECRET</value>`,

		`<data id="Password" value="SECRET"/>`,
		`<parm name='AuthPassword' x='y' value='SECRET'/><a value='Mj3Lp6Hs1Nd8'/>`,
		`<string name="password">SECRET</string>`,
		`<data id="PasswordComplexity" value="Mj3Lp6Hs1Nd8"/>`,
		`<data id="Password" value=""/><data id="x" value="Mj3Lp6Hs1Nd8"/>`,

		`<Member Name="password" Value="131072" /><Member Value="1" Name="secret"/>`,
		`<Member Name="password" Value="SECRET"/><data id="Password" value="SECRET"/>`,

		`ConvertTo-SecureString 'SECRET' -AsPlainText -Force`,
		`$p = ConvertTo-SecureString -AsPlainText -Force -String "SECRET"`,
		`'SECRET' | convertto-securestring -AsPlainText`,
		`ConvertTo-SecureString $pw -AsPlainText; ConvertTo-SecureString (Read-Host) -Force`,
		`New-LocalUser -Name bob -Password "SECRET" -Verbose`,
		`tool --client-secret 'SECRET' --name Mj3Lp6Hs1Nd8`,
		`tool --password --name Mj3Lp6Hs1Nd8`,
	} {
		for _, secret := range []string{"Zq7Kw9Xv2Rt5", "hunter", "correct horse battery"} {
			src := strings.ReplaceAll(text, "SECRET", secret)
			escaped := strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\t", `\t`)
			for from, want := range map[string]string{
				src: strings.ReplaceAll(text, "SECRET", Masked),
				`{"value": "` + escaped.Replace(src) + `", "x": "y"}`: `{"value": "` + escaped.Replace(strings.ReplaceAll(text, "SECRET", Masked)) + `", "x": "y"}`,
			} {
				if diff := cmp.Diff(want, string(Redact(patchlint.Unparsed([]byte(from)), patchlint.Span{End: len(from)}))); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		}
	}
}

// TestHolders checks which values of Graph's properties for passwords, and inside them, are
// credentials.
func TestHolders(t *testing.T) {
	for src, want := range map[string]string{
		`{"passwordProfile": "hunter", "clientState": "correct horse"}`:                      `{"passwordProfile": "***", "clientState": "***"}`,
		`{"passwordProfile": ["hunter"], "passwordCredentials": [ "Zq7Kw9", "Xv2Rt5" ]}`:     `{"passwordProfile": ["***"], "passwordCredentials": [ "***", "***" ]}`,
		`{"passwordProfile": {"password": "hunter", "x": "Mj3Lp6Hs1Nd8", "y": true}}`:        `{"passwordProfile": {"password": "***", "x": "Mj3Lp6Hs1Nd8", "y": true}}`,
		`{"passwordCredentials": [{"displayName": "Mj3Lp6Hs1Nd8", "secretText": "Zq7Kw9"}]}`: `{"passwordCredentials": [{"displayName": "Mj3Lp6Hs1Nd8", "secretText": "***"}]}`,
		`{"passwordProfile": "required", "clientState": null, "lastState": "Mj3Lp6Hs1Nd8"}`:  `{"passwordProfile": "required", "clientState": null, "lastState": "Mj3Lp6Hs1Nd8"}`,
	} {
		if diff := cmp.Diff(want, string(Redact(patchlint.Unparsed([]byte(src)), patchlint.Span{End: len(src)}))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
