/// Sources: the issuers' documentation and the rules of gitleaks,
/// https://github.com/gitleaks/gitleaks.
extension KeyShape {
    static let all = code + clouds + services

    /// Hosts of code, registries of packages, builds.
    private static let code = [
        // GitHub, GitLab, Bitbucket, Gitea, Sourcegraph
        KeyShape("ghp_", 30), KeyShape("gho_", 30), KeyShape("ghu_", 30), KeyShape("ghs_", 30),
        KeyShape("ghr_", 30), KeyShape("github_pat_", 30), KeyShape("glpat-", 20),
        KeyShape("gldt-", 20), KeyShape("glrt-", 20), KeyShape("glcbt-", 20),
        KeyShape("glptt-", 20), KeyShape("glft-", 20), KeyShape("glsoat-", 20),
        KeyShape("glagent-", 20), KeyShape("glimt-", 20), KeyShape("glffct-", 20),
        KeyShape("GR1348941", 25), KeyShape("ATBB", 28), KeyShape("sgp_", 40),
        // npm, PyPI, RubyGems, Docker, crates.io, NuGet, Clojars, JFrog
        KeyShape("npm_", 36), KeyShape("pypi-AgE", 50), KeyShape("rubygems_", 40),
        KeyShape("dckr_pat_", 20), KeyShape("dckr_oat_", 20),
        KeyShape("cio", exactly: 35, .letters),
        KeyShape("oy2", exactly: 46, .letters), KeyShape("CLOJARS_", 60), KeyShape("AKCp", 40),
        KeyShape("cmVmdGtuOj", 40),
        // CircleCI, Buildkite, Sentry, SonarQube, Snyk, Harness, Octopus, LaunchDarkly, Doppler
        KeyShape("CCIPAT_", 30), KeyShape("CCIPRJ_", 30), KeyShape("bkua_", 30),
        KeyShape("bkat_", 30), KeyShape("bkct_", 30), KeyShape("sntrys_", 30, .base64),
        KeyShape("sntryu_", 40), KeyShape("sntrya_", 40), KeyShape("squ_", 40),
        KeyShape("sqp_", 40), KeyShape("sqa_", 40), KeyShape("snyk_uat.", 30),
        KeyShape("snyk_sat.", 30), KeyShape("API-", exactly: 30, .any), KeyShape("dp.pt.", 40),
        KeyShape("dp.st.", 40), KeyShape("dp.ct.", 40), KeyShape("dp.sa.", 40),
        KeyShape("dp.scim.", 40), KeyShape("dp.audit.", 40), KeyShape("sdk-", exactly: 40, .any),
        // deploy-dashboard
        KeyShape("ddt_", 40, .hexadecimal),
    ]

    /// Clouds, platforms, databases and vaults.
    private static let clouds = [
        // AWS
        KeyShape("AKIA", exactly: 20, .capitals), KeyShape("ASIA", exactly: 20, .capitals),
        KeyShape("ABIA", exactly: 20, .capitals), KeyShape("ACCA", exactly: 20, .capitals),
        KeyShape("ABSK", 100, .base64), KeyShape("bedrock-api-key-", 30, .base64),
        // Google, Azure DevOps, DigitalOcean, Heroku, Fly, Netlify, Vercel, Render, Railway
        KeyShape("AIza", 35), KeyShape("ya29.", 30), KeyShape("GOCSPX-", 30),
        KeyShape("1//0", 60), KeyShape("dop_v1_", 40), KeyShape("doo_v1_", 40),
        KeyShape("dor_v1_", 40), KeyShape("HRKU-", 36), KeyShape("fm1a_", 30, .base64),
        KeyShape("fm1r_", 30, .base64),
        KeyShape("fm2_", 30, .base64), KeyShape("fo1_", 30), KeyShape("nfp_", 36),
        KeyShape("nfc_", 36), KeyShape("nfo_", 36), KeyShape("nfu_", 36), KeyShape("nfb_", 36),
        KeyShape("vcp_", 28), KeyShape("vci_", 28), KeyShape("vca_", 28), KeyShape("vcr_", 28),
        KeyShape("rnd_", 28, .letters), KeyShape("cfut_", 40), KeyShape("cfat_", 40),
        KeyShape("cfk_", 40), KeyShape("v1.0-", exactly: 171, .any), KeyShape("LTAI", 20, .letters),
        // HashiCorp, Pulumi, Tailscale, Databricks, PlanetScale, Supabase, Neon, Aiven, Scalingo
        KeyShape("hvs.", 24), KeyShape("hvb.", 24), KeyShape("hvr.", 24),
        KeyShape("s.", exactly: 26, .letters), KeyShape("pul-", 40), KeyShape("tskey-", 24),
        KeyShape("dapi", 32, .hexadecimal), KeyShape("pscale_pw_", 32),
        KeyShape("pscale_tkn_", 32), KeyShape("pscale_oauth_", 32), KeyShape("sbp_", 40),
        KeyShape("sb_secret_", 20), KeyShape("napi_", 40), KeyShape("AVNS_", 20),
        KeyShape("tk-us-", 40), KeyShape("dt0c01.", 60), KeyShape("dt0s01.", 60),
        // Kubernetes and OpenShift, age, 1Password, Infisical, Bitwarden
        KeyShape("AGE-SECRET-KEY-1", 50), KeyShape("ops_eyJ", 60),
        KeyShape("A3-", exactly: 40, .any), KeyShape("st.", 60),
    ]

    /// Services with an API.
    private static let services = [
        // Slack, Stripe, Square, Shopify, PayPal, Adyen
        KeyShape("xoxb-", 20), KeyShape("xoxa-", 20), KeyShape("xoxp-", 20), KeyShape("xoxr-", 20),
        KeyShape("xoxs-", 20), KeyShape("xoxc-", 20), KeyShape("xoxd-", 20), KeyShape("xoxe", 30),
        KeyShape("xapp-", 20), KeyShape("sk_live_", 20), KeyShape("rk_live_", 20),
        KeyShape("sk_test_", 20), KeyShape("rk_test_", 20), KeyShape("whsec_", 20, .base64),
        KeyShape("sq0atp-", 24), KeyShape("sq0csp-", 40), KeyShape("EAAA", 60),
        KeyShape("shpat_", 36), KeyShape("shpca_", 36), KeyShape("shppa_", 36),
        KeyShape("shpss_", 36), KeyShape("FLWSECK-", 40), KeyShape("EZAK", 40),
        // OpenAI, Anthropic and others whose keys begin the same; Groq, xAI, Replicate, Hugging
        // Face, Perplexity, NVIDIA, LangSmith, Fireworks
        KeyShape("sk-", 23), KeyShape("gsk_", 40), KeyShape("xai-", 40), KeyShape("r8_", 36),
        KeyShape("hf_", 30), KeyShape("api_org_", 36), KeyShape("pplx-", 40),
        KeyShape("nvapi-", 40), KeyShape("lsv2_", 36), KeyShape("fw_", 24, .letters),
        KeyShape("jina_", 40), KeyShape("tvly-", 24), KeyShape("r2_", 40),
        // SendGrid, Mailgun, Mailchimp, Brevo, Resend, MailerSend, Twilio, Telegram's are others
        KeyShape("SG.", 40), KeyShape("key-", exactly: 36, .hexadecimal), KeyShape("xkeysib-", 60),
        KeyShape("xsmtpsib-", 60), KeyShape("re_", 30, .letters), KeyShape("mlsn.", 40),
        KeyShape("SK", exactly: 34, .hexadecimal), KeyShape("PMAK-", 50),
        // Atlassian, Grafana, New Relic, Linear, Notion, Figma, Airtable, Asana, Typeform, Dropbox
        KeyShape("ATATT3", 60, .base64), KeyShape("ATCTT3", 60, .base64), KeyShape("glsa_", 36),
        KeyShape("glc_", 36, .base64), KeyShape("NRAK-", 30), KeyShape("NRII-", 30),
        KeyShape("NRJS-", 20), KeyShape("lin_api_", 40), KeyShape("lin_oauth_", 40),
        KeyShape("ntn_", 40), KeyShape("secret_", exactly: 50, .letters), KeyShape("figd_", 40),
        KeyShape("pat", exactly: 82, .any), KeyShape("tfp_", 40), KeyShape("sl.", 100),
        KeyShape("rdme_", 60), KeyShape("CFPAT-", 40), KeyShape("hcaik_", 60),
        KeyShape("hcbik_", 60), KeyShape("EAA", 100), KeyShape("shippo_live_", 40),
        KeyShape("duffel_live_", 40), KeyShape("ico-", exactly: 36, .letters),
        KeyShape("aio_", 30), KeyShape("waka_", 36), KeyShape("phc_", 40), KeyShape("phx_", 40),
        KeyShape("pnu_", 36), KeyShape("zpka_", 36), KeyShape("pk.eyJ", 60), KeyShape("sk.eyJ", 60),
        KeyShape("pd_", 40), KeyShape("ddp_", 36),
        KeyShape("ddw_", 36), KeyShape("jit_", 40), KeyShape("bws_", 40),
        KeyShape("apify_api_", 36),
        KeyShape("trn_", 40), KeyShape("tr_dev_", 20), KeyShape("tr_prod_", 20),
    ]
}
