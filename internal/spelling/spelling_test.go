package spelling_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

func open(t *testing.T, v schema.Version) *schema.Model {
	t.Helper()
	m, err := schema.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestNearest checks that a suggestion never turns a meaning into its opposite.
func TestNearest(t *testing.T) {
	m := open(t, schema.Beta)
	var targets, properties []string
	for _, r := range m.Resources() {
		targets = append(targets, r.Short())
	}
	for _, p := range m.Type("complianceManagementPartner").Properties {
		if p.Deprecated == "" {
			properties = append(properties, p.Name)
		}
	}
	filter, state := []string{"none", "include", "exclude"}, []string{"unknown", "unavailable", "enabled", "terminated", "rejected", "unresponsive"}
	for _, test := range []struct {
		written string
		names   []string
		want    string
	}{
		{"groupAssignmentTraget", targets, "groupAssignmentTarget"},
		{"exclusionGroupAssignmentTraget", targets, "exclusionGroupAssignmentTarget"},
		{"exclusiongroupassignmenttraget", targets, ""},
		{"exlcusionGroupAssignmentTarget", targets, "exclusionGroupAssignmentTarget"},
		{"inclusionGroupAssignmentTarget", targets, ""},
		{"excludingGroupAssignmentTarget", targets, ""},
		{"nonGroupAssignmentTarget", targets, ""},
		{"allDevcesAssignmentTarget", targets, "allDevicesAssignmentTarget"},
		{"allUsrsAssignmentTarget", targets, ""},
		{"allMembersAssignmentTarget", targets, ""},
		{"allLicensedUsersAssignmentTarget", targets, "allLicensedUsersAssignmentTarget"},
		{"allLicensedDevicesAssignmentTarget", targets, ""},
		{"excludeAllDevicesAssignmentTarget", targets, ""},
		{"iosOnbaorded", properties, "iosOnboarded"},
		{"andriodOnboarded", properties, "androidOnboarded"},
		{"macOnboarded", properties, ""},
		{"osxOnboarded", properties, ""},
		{"macOsEnrolmentAssignment", properties, "macOsEnrollmentAssignments"},
		{"\u0456osOnboarded", properties, ""}, // the first letter is Cyrillic
		{"isOnboarded", properties, ""},
		{"onboarded", properties, ""},
		{"watchOsOnboarded", properties, ""},
		{"iPadOsOnboarded", properties, ""},
		{"winOnboarded", properties, ""},
		{"displayNam", properties, "displayName"},
		{"included", filter, "include"},
		{"excluded", filter, "exclude"},
		{"exlude", filter, "exclude"},
		{"incl", filter, ""},
		{"iosOffboarded", properties, ""},
		{"androidOfboarded", properties, ""},
		{"iosDeboarded", properties, ""},
		{"iosOutboarded", properties, ""},
		{"iosDisonboarded", properties, ""},
		{"linuxUnboarded", properties, ""},
		{"iosOnborded", properties, "iosOnboarded"},
		{"iosOnnboarded", properties, "iosOnboarded"},
		{"unrejected", state, ""},
		{"nonrejected", state, ""},
		{"unterminated", state, ""},
		{"unenabled", state, ""},
		{"inresponsive", state, ""},
		{"disenabled", state, ""},
		{"unavailble", state, "unavailable"},
		{"unresponsve", state, "unresponsive"},
		{"unkown", state, "unknown"},
		{"known", state, ""},
		{"available", state, ""},
		{"responsive", state, ""},
		{"responsiv", state, ""},
		{"disabled", state, ""},
		{"enable", state, "enabled"},
		{"unavailabel", state, "unavailable"},
		{"accepted", []string{"rejected"}, ""},
		{"allowed", []string{"blocked", "denied"}, ""},
		{"notConfigured", []string{"configured"}, ""},
		{"compliant", []string{"noncompliant"}, ""},
		{"unmanaged", []string{"managed"}, ""},
		{"firstHeartbeatDateTime", []string{"lastHeartbeatDateTime"}, ""},
		{"cameraDisabled", []string{"cameraRequired", "cameraBlocked"}, ""},
		{"edgeDisallowCookies", []string{"edgeRequireCookies"}, ""},
		{"edgePreventCookies", []string{"edgePermitCookies", "edgePresentCookies"}, ""},
		{"edgeHideHomeButton", []string{"edgeShowHomeButton"}, ""},
		{"storageRefuseCard", []string{"storageRequireCard"}, ""},
		{"wifiAllow", []string{"wifiRequire"}, ""},
		{"edgeCookies", []string{"edgeBlockCookies"}, ""},
		{"edgeBlockCookies", []string{"edgeCookies"}, ""},
		{"edgeDenyCookies", []string{"edgeBlockCookies"}, ""},
		{"edgeBlokcCookies", []string{"edgeAllowCookies", "edgeBlockCookies"}, "edgeBlockCookies"},
		{"encludeGroups", []string{"includeGroups", "excludeGroups"}, ""},
		{"inexcludeGroups", []string{"includeGroups", "excludeGroups"}, ""},
		{"incudeGroups", []string{"includeGroups", "excludeGroups"}, "includeGroups"},
		{"blockMail", []string{"blockVoip"}, ""},
		{"scanStartDay", []string{"scanStartTime"}, ""},
		{"scanStartTiem", []string{"scanStartTime"}, "scanStartTime"},
		{"updateScheduleStartDay", []string{"updateScheduledStartTime"}, ""},
		{"appCatalogRequired", []string{"passcodeRequired"}, ""},
		{"ipv4Range", []string{"ipv6Range"}, ""},
		{"windows10Version", []string{"windows81Version", ""}, ""},
		{"displayNmae", []string{"displayDate", "displayName"}, "displayName"},
		{"decryptAppData", []string{"encryptAppData"}, ""},
		{"bitLockerDecryptDevice", []string{"bitLockerEncryptDevice"}, ""},
		{"storageRequireDecryption", []string{"storageRequireEncryption"}, ""},
		{"passwordBlockFaceLock", []string{"passwordBlockFaceUnlock"}, ""},
		{"passcodeBlockFingerprintLock", []string{"passcodeBlockFingerprintUnlock"}, ""},
		{"documentsBlockUnmanagedDocumentsInUnmanagedApps", []string{"documentsBlockManagedDocumentsInUnmanagedApps"}, ""},
		{"contactsAllowManagedToManagedWrite", []string{"contactsAllowManagedToUnmanagedWrite"}, ""},
		{"contactsAllowUnmanagedToManagedWrite", []string{"contactsAllowManagedToUnmanagedWrite"}, ""},
		{"userRightsDecreaseSchedulingPriority", []string{"userRightsIncreaseSchedulingPriority"}, ""},
		{"defenderCloudExtendedTimeoutInMinutes", []string{"defenderCloudExtendedTimeout"}, ""},
		{"defenderCloudExtendedTimeout", []string{"defenderCloudExtendedTimeoutInSeconds"}, ""},
		{"idleTimeoutInHours", []string{"idleTimeoutInDays"}, ""},
		{"scanIntervalInSeconds", []string{"scanIntervalInMinutes"}, ""},
		{"localLogOn", []string{"remoteLogOn"}, ""},
		{"smbClientSigning", []string{"smbServerSigning"}, ""},
		{"wallpaperByUser", []string{"wallpaperByAdmin"}, ""},
		{"importCertificates", []string{"exportCertificates"}, ""},
		{"personalProfileKey", []string{"corporateProfileKey"}, ""},
		{"dataOverWifi", []string{"dataOverCellular"}, ""},
		{"onlineMailbox", []string{"onPremisesMailbox"}, ""},
		{"copyPastelocked", []string{"copyPasteBlocked"}, ""},
		{"nfclocked", []string{"nfcBlocked"}, ""},
		{"edgelockCompatibilityList", []string{"edgeBlockCompatibilityList"}, ""},
		{"defenderBlockEndUsrAccess", []string{"defenderBlockEndUserAccess"}, "defenderBlockEndUserAccess"},
		{"defenderDeectedMalwareActions", []string{"defenderDetectedMalwareActions"}, "defenderDetectedMalwareActions"},
		{"cellularBlockpnWhenRoaming", []string{"cellularBlockVpn", ""}, ""},
		{"activateAppsWithoVice", []string{"activateAppsWithVoice"}, "activateAppsWithVoice"},
		{"passwordMinutesOfInactivityBeforeLocks", []string{"passwordMinutesOfInactivityBeforeLock"}, "passwordMinutesOfInactivityBeforeLock"},
		{"passwordMintuesOfInactivity", []string{"passwordMinutesOfInactivity"}, "passwordMinutesOfInactivity"},
		{"defenderNoScanArchiveFiles", []string{"defenderScanArchiveFiles"}, ""},
		{"defenderUnscanArchiveFiles", []string{"defenderScanArchiveFiles"}, ""},
		{"winodws10ComplaincePolicy", []string{"windows10CompliancePolicy"}, "windows10CompliancePolicy"},
		{"windws10ComplancePolcy", []string{"windows10CompliancePolicy"}, "windows10CompliancePolicy"},
		{"windws81CompliancePolicy", []string{"windows10CompliancePolicy", "windows81CompliancePolicy"}, "windows81CompliancePolicy"},
		{"windows11CompliancePolicy", []string{"windows10CompliancePolicy", "windows81CompliancePolicy"}, ""},
		{"printerSettingsV3", []string{"printerSettingsV1", "printerSettingsV2"}, ""},
		{"macos10CompliancePolicy", []string{"windows10CompliancePolicy"}, ""},
		{"heartbeatDateTime", []string{"lastHeartbeatDateTime"}, ""},
		{"installWithEnrollment", []string{"installWithoutEnrollment"}, ""},
		{"blockOne", []string{"blockNone"}, ""},
		{"noe", filter, "none"},
		{"unTrusted", []string{"trusted"}, ""},
		{"rootDontTrust", []string{"rootTrust"}, ""},
		{"irrecoverableFailure", []string{"recoverableFailure"}, ""},
		{"deprovisioning", []string{"reprovisioning"}, ""},
		{"reactivated", []string{"deactivated"}, ""},
		{"asymmetricKeyLifetime", []string{"symmetricKeyLifetime"}, ""},
		{"updated", []string{"outdated"}, ""},
		{"appDecryptionIfDeviceEncryption", []string{"appEncryptionIfDeviceEncryption"}, ""},
		{"minimumOsVersion", []string{"maximumOsVersion"}, ""},
		{"delayMajorUpdate", []string{"delayMinorUpdate"}, ""},
		{"bccRecipients", []string{"ccRecipients"}, ""},
		{"sharingFromWork", []string{"sharingToWork"}, ""},
		{"isRecipientInSafeList", []string{"isSenderInSafeList"}, ""},
		{"signInDelay", []string{"signOutDelay"}, ""},
		{"isPullEnabled", []string{"isPushEnabled"}, ""},
		{"disableUdpConnections", []string{"disableTcpConnections"}, ""},
		{"evaluateOffline", []string{"evaluateOnline"}, ""},
		{"permitted", []string{"terminated"}, ""},
		{"remote", []string{"remove"}, ""},
		{"available", []string{"avaliable"}, "avaliable"}, // as published
		{"evaluateOffine", []string{"evaluateOffline"}, "evaluateOffline"},
		{"evaluateOfline", []string{"evaluateInline", "evaluateOffline"}, ""},
		{"appsNootInListCompliant", []string{"appsInListCompliant", "appsNotInListCompliant"}, ""},
		{"oneHundredSixtyne", []string{"oneHundredSixtyOne", "oneHundredSixtyFive"}, ""},
		{"onPremOnDriveForBusiness", []string{"onPremOneDriveForBusiness", "oneDriveForBusiness"}, ""},
		{"uprotected", []string{"protected", "unprotected"}, ""},
		{"iactive", []string{"inactive", "active"}, ""},
		{"inactve", []string{"active", "inactive"}, "inactive"},
		{"prese17", []string{"preset1", "preset7", "preset17"}, ""},
	} {
		if got := spelling.Correction(test.written, test.names); got != test.want {
			t.Errorf("%s: %q, want %q", test.written, got, test.want)
		}
	}
	if choices := spelling.Choices("watchOsOnboarded", properties); !slices.Contains(choices, "iosOnboarded") || slices.Contains(choices, "iosEnrollmentAssignments") {
		t.Errorf("choices %v", choices)
	}
}

// TestNearestKeepsMeaning checks that no property is suggested for its name with a negating
// word or prefix, or without one of its words.
func TestNearestKeepsMeaning(t *testing.T) {
	boundary := regexp.MustCompile(`^|[A-Z][a-z]+|$`)
	tried := 0
	for _, version := range schema.Versions() {
		m := open(t, version)
		for of := range m.Names {
			if tried++; !corpus.Sampled(tried) {
				continue
			}
			var names []string
			for _, p := range m.Type(of).Properties {
				names = append(names, p.Name)
			}
			for i, name := range names {
				if (i+tried)%corpus.Size(4, 1) > 0 {
					continue
				}
				for _, at := range boundary.FindAllStringIndex(name, -1) {
					before, word, after := name[:at[0]], name[at[0]:at[1]], name[at[1]:]
					others := []string{before + after}
					for _, negation := range []string{"not", "Not", "No", "un", "Un", "in", "dis", "Dis", "de", "non", "Non", "Never", "Disable", "Block", "Exclude"} {
						others = append(others, before+negation+word+after, before+negation+strings.ToLower(word)+after)
					}
					for _, other := range others {
						if spelling.Correction(other, names) == name && !strings.EqualFold(other, name) {
							t.Errorf("%s: %s is suggested for %s", of, name, other)
						}
					}
				}
			}
		}
	}
}
