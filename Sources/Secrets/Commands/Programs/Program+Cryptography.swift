extension Program {
    static let cryptography = [
        Program("openssl", "passwd", "#1= -salt_ -in_ -1! -5! -6! -apr1! -stdin<"),
        Program(
            "openssl",
            "-passin^ -passout^ -pass^ -password^ -twopass! -k= -K= -key_ -iv_ -keyout_ -hmac= "
                + "-macopt: -pwdfile_ -kfile_ -psk= -srp_ *"),
        Program("7z|7za|7zr|7zz|rar|unrar|7-zip", "-p~ -o_ +h"),
        Program("zip|unzip|funzip|zipcloak", "-P= -d_ -x_ -i_ +oqnjrLlvpe9uUDXCat"),
        Program("pdftk", "user_pw|owner_pw|input_pw", "#1="),
        Program("qpdf", "--user-password= --owner-password="),
        Program("pdftotext|pdfinfo|pdftoppm|pdfimages", "-upw= -opw= *"),
        Program("gpg|gpg2", "--passphrase= --passphrase-fd< -u_ -r_ --no-symkey-cache!"),
        Program("cryptsetup|luksmeta|veracrypt", "< -d_ --key-file_ -p= --keyfiles_"),
        Program("apksigner|jarsigner", "--ks-pass^ --key-pass^ -storepass= -keypass="),
        Program("signtool*", "/p= /f_ /t_ /d_ /du_"),
        Program("osslsigncode", "-pass= -pkcs12_ -n_ -t_ *"),
        Program(
            "keytool",
            "-storepass= -keypass= -new= -srcstorepass= -deststorepass= "
                + "-srckeypass= -destkeypass= -keystore_ -alias_ -file_ *"),
        Program("certutil|pk12util|modutil", "-w= -k_ -K= -W= -p= -d_ -n_ -i_ -o_"),
        Program("security", "-p= -w= -P= -a_ -s_ -k_ -T_ -D_ -l_"),
        Program("steghide|outguess|openstego", "-p= -k="),
        Program("convertto-securestring", "#1= -string="),
        Program("ecryptfs-*|encfs", "<"),
        Program("secret-tool|pass", "<"),
        Program("oathtool", "#1= -b! -d_ +bvw"),
        Program(
            "softhsm2-util|pkcs11-tool|pkcs15-tool|yubico-piv-tool|ykman",
            "-p= --so-pin= --pin= "
                + "-P= -n_ -m_ -l!"),
        Program("tpm2_*", "-p= -P= -c_ -u_ -r_"),
        Program("step|step-cli|cfssl|certbot|acme.sh|lego", "-u_"),
        Program("age|sops|rage", "-p! -r_ -i_ -o_"),
        Program("john|hashcat", "-m_ -a_"),
    ]
}
