package schema_test

import (
	"slices"
	"testing"

	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/schema"
)

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
		{"exclusiongroupassignmenttraget", targets, "exclusionGroupAssignmentTarget"},
		{"exlcusionGroupAssignmentTarget", targets, "exclusionGroupAssignmentTarget"},
		{"inclusionGroupAssignmentTarget", targets, ""},
		{"excludingGroupAssignmentTarget", targets, "exclusionGroupAssignmentTarget"},
		{"nonGroupAssignmentTarget", targets, ""},
		{"allDevcesAssignmentTarget", targets, "allDevicesAssignmentTarget"},
		{"allUsrsAssignmentTarget", targets, ""},
		{"allMembersAssignmentTarget", targets, ""},
		{"allLicensedUsersAssignmentTarget", targets, "allLicensedUsersAssignmentTarget"},
		{"allLicensedDevicesAssignmentTarget", targets, "allDevicesAssignmentTarget"},
		{"excludeAllDevicesAssignmentTarget", targets, ""},
		{"iosOnbaorded", properties, "iosOnboarded"},
		{"andriodOnboarded", properties, "androidOnboarded"},
		{"macOnboarded", properties, "macOsOnboarded"},
		{"osxOnboarded", properties, ""},
		{"macOsEnrolmentAssignment", properties, "macOsEnrollmentAssignments"},
		{"\u0456osOnboarded", properties, "iosOnboarded"}, // the first letter is Cyrillic
		{"isOnboarded", properties, ""},
		{"onboarded", properties, ""},
		{"watchOsOnboarded", properties, ""},
		{"iPadOsOnboarded", properties, ""},
		{"winOnboarded", properties, ""},
		{"displayNam", properties, "displayName"},
		{"included", filter, "include"},
		{"excluded", filter, "exclude"},
		{"exlude", filter, "exclude"},
		{"incl", filter, "include"},
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
		{"inresponsive", state, "unresponsive"},
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
		{"edgeDenyCookies", []string{"edgeBlockCookies"}, "edgeBlockCookies"},
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
		{"windows10Version", []string{"windows81Version", "windowsVersion"}, "windowsVersion"},
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
		{"copyPastelocked", []string{"copyPasteBlocked"}, "copyPasteBlocked"},
		{"nfclocked", []string{"nfcBlocked"}, "nfcBlocked"},
		{"edgelockCompatibilityList", []string{"edgeBlockCompatibilityList"}, "edgeBlockCompatibilityList"},
		{"defenderBlockEndUsrAccess", []string{"defenderBlockEndUserAccess"}, "defenderBlockEndUserAccess"},
		{"defenderDeectedMalwareActions", []string{"defenderDetectedMalwareActions"}, "defenderDetectedMalwareActions"},
		{"cellularBlockpnWhenRoaming", []string{"cellularBlockVpn", "cellularBlockVpnWhenRoaming"}, "cellularBlockVpnWhenRoaming"},
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
		{"heartbeatDateTime", []string{"lastHeartbeatDateTime"}, "lastHeartbeatDateTime"},
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
		if got := meaning.Nearest(test.written, test.names); got != test.want {
			t.Errorf("%s: %q, want %q", test.written, got, test.want)
		}
	}
	if choices := meaning.Alternatives("watchOsOnboarded", properties); !slices.Contains(choices, "iosOnboarded") || slices.Contains(choices, "iosEnrollmentAssignments") {
		t.Errorf("choices %v", choices)
	}
}
