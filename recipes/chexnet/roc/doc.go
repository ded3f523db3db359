// Package roc says how well scores tell two kinds of samples apart: the ROC curve,
// the area under it (AUROC), and how sure that area is.
//
//	area, err := roc.NewArea(scores, positive, patients)
//	low, high, ok := area.Interval()
//
// The area is the probability that a positive sample scores higher than a negative
// one, equal scores counting as one half. That is Mann and Whitney's U divided by the
// number of pairs (Hanley and McNeil, Radiology 143 (1982) 29), and it is counted in
// integers: only the last division rounds.
//
// The standard error is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44
// (1988) 837). Several images of one patient are alike, and taken for independent ones
// they would make an interval look narrower than it is, so samples come with their
// patients, and the error is Obuchowski's for such clusters (Biometrics 53 (1997)
// 567). With one sample from each patient it is DeLong's.
package roc
