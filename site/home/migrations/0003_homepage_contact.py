from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='homepage',
            name='contact',
            field=models.CharField(blank=True, help_text='科室、电话或邮箱，写在“关于本站”里。', max_length=120, verbose_name='意见反馈找谁'),
        ),
    ]
