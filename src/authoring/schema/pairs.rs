//! Which of the new things is which of the old ones: by key, or by `was` where something is renamed.

/// For each new thing, the position of the old one that it continues.
///
/// A `was` that names nothing any more was applied earlier and is not looked at, so that a file can be
/// applied twice.
///
/// # Errors
/// A sentence when it cannot be told which old thing is meant.
pub(super) fn pair(noun: &str, old: &[&str], new: &[(&str, Option<&str>)]) -> Result<Vec<Option<usize>>, String> {
    let find = |key: &str| old.iter().position(|old| *old == key);
    let mut pairs = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let renamed = |key: &str, was: Option<&str>| was.filter(|was| *was != key).and_then(find);
    for (place, (key, was)) in new.iter().enumerate() {
        if renamed(key, *was).is_none()
            && let Some(found) = find(key)
        {
            pairs[place] = Some(found);
            taken[found] = true;
        }
    }
    for (place, (key, was)) in new.iter().enumerate() {
        let Some(found) = renamed(key, *was) else { continue };
        let found = if taken[found] { find(key).filter(|found| !taken[*found]) } else { Some(found) };
        let Some(found) = found else {
            return Err(format!(
                "{noun} `{key}` says it was `{}`, but the file still has `{}`: remove one of them",
                was.unwrap_or_default(),
                was.unwrap_or_default()
            ));
        };
        pairs[place] = Some(found);
        taken[found] = true;
    }
    for (key, was) in new {
        let squeezed_out = find(key).is_some_and(|own| !taken[own]);
        if let Some(was) = was.filter(|_| squeezed_out) {
            return Err(format!(
                "{noun} `{key}` says it was `{was}`, but there is a {noun} `{key}` already: \
                 remove or rename that one first, or take the \"was\" out"
            ));
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn a_rename_is_followed_once_and_then_ignored() {
        let new = [("headline", Some("title")), ("body", None)];
        assert_eq!(pair("field", &["title", "body"], &new), Ok(vec![Some(0), Some(1)]));
        assert_eq!(pair("field", &["headline", "body"], &new), Ok(vec![Some(0), Some(1)]));
    }

    #[test]
    fn a_chain_of_renames_is_followed_and_can_be_applied_again() {
        let new = [("b", Some("a")), ("c", Some("b"))];
        assert_eq!(pair("field", &["a", "b"], &new), Ok(vec![Some(0), Some(1)]));
        assert_eq!(pair("field", &["b", "c"], &new), Ok(vec![Some(0), Some(1)]));
    }

    #[test]
    fn a_rename_onto_something_that_exists_is_refused() {
        assert!(pair("field", &["a", "b"], &[("b", Some("a"))]).is_err());
        assert!(pair("field", &["a"], &[("a", None), ("b", Some("a"))]).is_err());
    }
}
