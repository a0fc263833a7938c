//! An address as a user gives it.

use url::{Host, Url};

use crate::failure::Failure;

/// The longest address, in bytes. Signed ones of object stores have two thousand and more.
pub const LONGEST_URL: usize = 8192;

/// An address that may be asked as far as its text tells; where its host leads is judged when it is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    url: Url,
    /// For messages: the host as it is asked for, without brackets and port.
    pub(crate) host: String,
}

/// Judges the text of an address: a whole URL of http or https, with a host, without user name and password, no longer
/// than [`LONGEST_URL`]. For the moment at which an address is saved; requests judge it again.
///
/// # Errors
/// Permanent ones.
pub fn check_url(text: &str) -> Result<(), Failure> {
    Target::read(text).map(drop)
}

impl Target {
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        if text.len() > LONGEST_URL {
            return Err(Failure::permanent(format!("the address is longer than {LONGEST_URL} bytes")));
        }
        Self::of(Url::parse(text).map_err(|_| Failure::permanent("the address is not a whole URL"))?)
    }

    /// Where a redirect from here leads.
    pub(crate) fn follow(&self, location: &str) -> Result<Self, Failure> {
        let unreadable = || Failure::permanent(format!("{} redirected to an address that is not a URL", self.host));
        if location.len() > LONGEST_URL {
            return Err(unreadable());
        }
        Self::of(self.url.join(location).map_err(|_| unreadable())?)
    }

    fn of(mut url: Url) -> Result<Self, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::permanent("the address does not begin with http:// or https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Failure::permanent("the address has a user name or a password in it"));
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(Failure::permanent("the address has no host")),
        };
        url.set_fragment(None);
        Ok(Self { url, host })
    }

    pub(crate) fn uri(&self) -> Result<hyper::Uri, Failure> {
        self.url.as_str().parse().map_err(|_| Failure::permanent("the address is not a URL that can be asked"))
    }

    /// The port that is connected to.
    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// The last part of the path as a file's name of letters, digits, `.`, `-` and `_`; none where nothing is left.
    pub(crate) fn file_name(&self) -> Option<String> {
        let last = self.url.path_segments()?.next_back()?;
        let kept = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let name: Vec<char> = last.chars().filter(kept).collect();
        let name: String = name[name.len().saturating_sub(100)..].iter().collect();
        name.contains(|letter: char| letter.is_ascii_alphanumeric()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> String {
        Target::read(text).unwrap().host
    }

    #[test]
    fn every_notation_of_an_address_is_the_same_host() {
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.1/",
            "http://127.0.1/",
            "http://127。0。0。1/",
            "http://１２７.0.0.1/",
            "http://%31%32%37.0.0.1/",
            "http://127.0.0.1./",
        ] {
            assert_eq!(host(text), "127.0.0.1", "{text}");
        }
        assert_eq!(host("http://[0:0::FFFF:7f00:1]/"), "::ffff:127.0.0.1");
        assert_eq!(host("https://Files.EXAMPLE.com:8443/a"), "files.example.com");
    }

    #[test]
    fn what_is_no_address() {
        for (text, reason) in [
            ("", "not a whole URL"),
            ("files.example.com/a.wav", "not a whole URL"),
            ("/a.wav", "not a whole URL"),
            ("http://", "not a whole URL"),
            ("http://[fe80::1%25eth0]/", "not a whole URL"),
            ("http://1.2.3.4.5.6/:99999", "not a whole URL"),
            ("http://256.1.1.1/", "not a whole URL"),
            ("http://a.example:99999/", "not a whole URL"),
            ("ftp://a.example/", "does not begin with http"),
            ("file:///etc/passwd", "does not begin with http"),
            ("gopher://a.example/", "does not begin with http"),
            ("data:text/plain,hello", "does not begin with http"),
            ("http://u@a.example/", "user name or a password"),
            ("https://:p@a.example/", "user name or a password"),
        ] {
            let failure = check_url(text).unwrap_err();
            assert!(failure.reason.contains(reason) && !failure.is_retryable(), "{text}: {failure}");
        }
        assert!(check_url(&format!("https://a.example/{}", "a".repeat(LONGEST_URL))).is_err());
    }

    #[test]
    fn names_of_files() {
        let name = |text| Target::read(text).unwrap().file_name();
        assert_eq!(name("https://a.example/x/call-7.wav?sig=1").as_deref(), Some("call-7.wav"));
        assert_eq!(name("https://a.example/%22%0d%0a.mp3").as_deref(), Some("220d0a.mp3"));
        assert_eq!(name("https://a.example/"), None);
        assert_eq!(name("https://a.example/..."), None);
    }
}
