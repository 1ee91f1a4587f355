/**
 * What to do about a part of a stack that somebody has deleted by hand. A deployment does not make it again, since CloudFormation
 * takes it for there: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
export const putBack = 'make it again by a change set with --deployment-mode REVERT_DRIFT (docs/doctor.md)';
